using Preimage.Algorithms.PreImages.Images;
using Preimage.Algorithms.PreImages.Terms;
using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Search;

/// <summary>The energy of some restarts' images and its gradient, on the device.</summary>
internal sealed class EnergyLoop : IDisposable
{
    readonly Node _input;
    readonly ITransform[] _transforms;
    readonly List<(Node Node, TermPlace Place, List<ITerm> Terms)> _nodes = [];
    readonly List<ITerm> _imageTerms = [];
    readonly List<ITerm> _terms = [];

    /// <summary>Makes the arrays and terms.</summary>
    /// <exception cref="PreimageException">The objective does not fit the network.</exception>
    public EnergyLoop(ExecutionPlan plan, SearchSettings settings, SearchPhase phase, RestartGroup rows)
    {
        Loop = plan.CreateLoop();
        try
        {
            _input = settings.Input;
            PreImageOptions options = settings.Options;
            Shape canvas = settings.CanvasOf(phase, rows.Count);
            Image = phase.Parameterisation == Parameterisation.Fourier ? new FourierVariables(Loop, canvas, settings.Request.Pixels.Order) : new PixelVariables(Loop, canvas);
            _transforms = [.. Transforms(settings, phase, rows.Count)];

            bool range = options.LambdaRange > 0, variation = options.LambdaVariation > 0;
            int count = settings.Parts.Count + (range ? 1 : 0) + (variation ? 1 : 0);
            Energies = Loop.Allocate<double>(new Shape(count, rows.Count));
            var places = new Dictionary<Node, (TermPlace Place, List<ITerm> Terms)>();
            foreach ((double weight, Objective objective, Node? node) in settings.Parts)
            {
                if (node is null)
                {
                    Add(objective.Compile(PlaceOf("the image", Image.Canvas, Image.CanvasGradient, null), weight), _imageTerms);
                    continue;
                }

                if (!_nodes.Exists(n => n.Node == node))
                {
                    DeviceArray<float> value = Loop.Allocate<float>(plan.ShapeOf(node)), signal = Loop.Allocate<float>(plan.ShapeOf(node));
                    Loop.SetSeed(node, signal);
                    _nodes.Add((node, PlaceOf(node.Name, value, signal, null), []));
                }

                (_, TermPlace first, List<ITerm> terms) = _nodes.Find(n => n.Node == node);
                Add(objective.Compile(PlaceOf(node.Name, first.Value, first.Signal, first), weight), terms);
            }

            if (range)
                Add(new RangeTerm(PlaceOf("the image", Image.Canvas, Image.CanvasGradient, null), options.LambdaRange, options.Alpha, options.B), _imageTerms);
            if (variation)
                Add(new VariationTerm(PlaceOf("the image", Image.Canvas, Image.CanvasGradient, null), options.LambdaVariation, options.Beta, settings.VariationBound), _imageTerms);
        }
        catch
        {
            Loop.Dispose();
            throw;
        }

        TermPlace PlaceOf(string name, DeviceArray<float> value, DeviceArray<float> signal, TermPlace? first) => new(first)
        {
            Loop = Loop, Name = name, Value = value, Signal = signal, Energies = Energies!, First = _terms.Count * rows.Count,
            FirstRow = rows.First, AllRows = settings.Options.Restarts,
        };

        void Add(ITerm term, List<ITerm> where)
        {
            where.Add(term);
            _terms.Add(term);
        }
    }

    /// <summary>The loop.</summary>
    public DeviceLoop Loop { get; }

    /// <summary>The images.</summary>
    public IParameterisation Image { get; }

    /// <summary>What the network takes the images as.</summary>
    public DeviceArray<float> NetworkInput => _transforms[^1].Output;

    /// <summary>The energies of the last evaluation, [term][row].</summary>
    public DeviceArray<double> Energies { get; }

    /// <summary>The terms, in the order of their energies.</summary>
    public IReadOnlyList<ITerm> Terms => _terms;

    /// <summary>In a body: finds energies and the gradient of their sum by the variables.</summary>
    public void Evaluate()
    {
        Look();
        Loop.Backward(BackwardRule.Gradient);
        Loop.ReadGradient(_input, _transforms[^1].OutputGradient);
        for (int i = _transforms.Length - 1; i >= 0; i--)
            _transforms[i].Backward();
        foreach (ITerm term in _imageTerms)
            term.Run();
        Image.Backward();
    }

    /// <summary>In a body: finds energies; those of terms that read the image only where <paramref name="all"/>, and the gradient is none then.</summary>
    public void Look(bool all = false)
    {
        Image.Forward();
        foreach (ITransform transform in _transforms)
            transform.Forward();
        Loop.SetInput(_input, _transforms[^1].Output);
        Loop.Forward();
        foreach ((Node node, TermPlace place, List<ITerm> terms) in _nodes)
        {
            Loop.Read(node, place.Value);
            Loop.Arrays.Fill(place.Signal, 0);
            foreach (ITerm term in terms)
                term.Run();
        }

        if (!all)
            return;
        foreach (ITerm term in _imageTerms)
            term.Run();
    }

    public void Dispose() => Loop.Dispose();

    IEnumerable<ITransform> Transforms(SearchSettings settings, SearchPhase phase, int rows)
    {
        (DeviceArray<float> pixels, DeviceArray<float> gradient) = (Image.Canvas, Image.CanvasGradient);
        if (phase.Jitter > 1 || phase.Transforms is not null)
        {
            Shape window = settings.Image.WithSamples(rows);
            int[] offsets = Array.ConvertAll(Draws.Offsets(settings.Options.Seed, phase.Index, phase.Iterations, phase.Jitter), o => o + phase.Padding);
            ITransform view;
            if (phase.Transforms is { Resamples: true } transforms)
            {
                float[] views = Draws.Views(settings.Options.Seed, phase.Index, transforms, offsets, window);
                view = new WarpedView(Loop, pixels, gradient, window, Loop.Allocate<float>(new Shape(views.Length), views));
            }
            else
                view = new JitterCrop(Loop, pixels, gradient, window, Loop.Allocate<int>(new Shape(offsets.Length), offsets));
            (pixels, gradient) = (view.Output, view.OutputGradient);
            yield return view;
        }

        yield return new NetworkScale(Loop, pixels, gradient, settings.Factor, settings.Shift);
    }
}
