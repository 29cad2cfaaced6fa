using Preimage.Algorithms.Imaging;
using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>Spectra are what is moved: [rows][C][H][2F] (<see cref="Spectrum"/>), and of three channels the axes of natural colours (<see cref="ColourAxes"/>).</summary>
internal sealed class FourierVariables : IParameterisation
{
    readonly DeviceLoop _loop;
    readonly Shape _shape;
    readonly int _frequencies;
    // What the products read, and what is between them: a row of zeros makes a residual a product of elements.
    readonly DeviceArray<float> _alongRows, _alongColumns, _gains, _inverse, _zeros, _scaled, _waves;
    readonly DeviceArray<float> _planes, _planesGradient;
    readonly DeviceArray<float>? _colours, _colourless;
    readonly Action _load;

    public FourierVariables(DeviceLoop loop, Shape shape, ChannelOrder order)
    {
        (_loop, _shape) = (loop, shape);
        var spectrum = new Spectrum(shape.H, shape.W);
        _frequencies = spectrum.Frequencies;
        Shape variables = new(shape.N, shape.C, shape.H, 2 * _frequencies), one = variables.WithSamples(1);
        Variables = loop.Allocate<float>(variables);
        Gradient = loop.Allocate<float>(variables);
        Canvas = loop.Allocate<float>(shape);
        CanvasGradient = loop.Allocate<float>(shape);
        _scaled = loop.Allocate<float>(variables);
        _waves = loop.Allocate<float>(new Shape(shape.N, shape.C, 2 * shape.H, shape.W));
        _alongRows = loop.Allocate<float>(new Shape(2 * _frequencies, 2 * shape.W), spectrum.AlongRows());
        _alongColumns = loop.Allocate<float>(new Shape(shape.H, 2 * shape.H), spectrum.AlongColumns());
        double[] gains = spectrum.Gains();
        _gains = loop.Allocate<float>(one, ForChannels(gains));
        _inverse = loop.Allocate<float>(one, ForChannels(spectrum.Inverse(gains)));
        _zeros = loop.Allocate<float>(one);
        (_planes, _planesGradient, _load) = (Canvas, CanvasGradient, FindSpectrum);
        if (shape.C != 3)
            return;
        double[] colours = ColourAxes.Matrix(order);
        _colours = loop.Allocate<float>(new Shape(3, 3), Array.ConvertAll(colours, c => (float)c));
        _colourless = loop.Allocate<float>(new Shape(3, 3), Array.ConvertAll(ColourAxes.Inverse(colours), c => (float)c));
        _planes = _planesGradient = loop.Allocate<float>(shape);
    }

    public DeviceArray<float> Variables { get; }

    public DeviceArray<float> Gradient { get; }

    public DeviceArray<float> Canvas { get; }

    public DeviceArray<float> CanvasGradient { get; }

    public void Load(ReadOnlySpan<float> canvas)
    {
        Canvas.Upload(canvas);
        _loop.Run(_load);
    }

    public void Forward()
    {
        IArrayOperators on = _loop.Arrays;
        (int height, int width) = (_shape.H, _shape.W);
        on.Residual(Variables, _zeros, _gains, 1, _scaled);
        on.Product(height, 2 * width, 2 * _frequencies, _scaled, false, _alongRows, false, 1, 0, _waves);
        on.Product(height, width, 2 * height, _alongColumns, false, _waves, false, 1, 0, _planes);
        if (_colours is not null)
            on.Product(3, height * width, 3, _colours, false, _planes, false, 1, 0, Canvas);
    }

    public void Backward()
    {
        if (_colours is not null)
            _loop.Arrays.Product(3, _shape.H * _shape.W, 3, _colours, true, CanvasGradient, false, 1, 0, _planesGradient);
        Adjoint(_planesGradient, _gains, Gradient);
    }

    void FindSpectrum()
    {
        if (_colourless is not null)
            _loop.Arrays.Product(3, _shape.H * _shape.W, 3, _colourless, false, Canvas, false, 1, 0, _planes);
        Adjoint(_planes, _inverse, Variables);
    }

    // The transposed products, and a factor for each place.
    void Adjoint(DeviceArray<float> planes, DeviceArray<float> factors, DeviceArray<float> spectra)
    {
        IArrayOperators on = _loop.Arrays;
        (int height, int width) = (_shape.H, _shape.W);
        on.Product(2 * height, width, height, _alongColumns, true, planes, false, 1, 0, _waves);
        on.Product(height, 2 * _frequencies, 2 * width, _waves, false, _alongRows, true, 1, 0, _scaled);
        on.Residual(_scaled, _zeros, factors, 1, spectra);
    }

    float[] ForChannels(double[] values) => [.. Enumerable.Range(0, _shape.C).SelectMany(_ => values.Select(v => (float)v))];
}
