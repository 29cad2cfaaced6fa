using Preimage.Layers;
using Preimage.Layers.Kinds;

namespace Preimage.Tests.Shared.Oracles;

/// <summary>A network evaluated in double by plain loops, and signals carried back through it by explicit adjoints and the rules' definitions.</summary>
internal sealed class NetworkOracle
{
    readonly Network _network;
    readonly OracleArray[] _values;
    readonly Dictionary<(Node, int), OracleJacobian> _jacobians = [];

    /// <summary>Runs forward.</summary>
    /// <param name="network">A network without values known on the host only.</param>
    /// <param name="inputs">In the order of the network's inputs.</param>
    public NetworkOracle(Network network, params OracleArray[] inputs)
    {
        _network = network;
        _values = new OracleArray[network.Nodes.Count];
        IReadOnlyList<Shape> shapes = network.InferShapes(network.Inputs.Zip(inputs).ToDictionary(p => p.First.Name, p => p.Second.Shape));
        for (int i = 0; i < inputs.Length; i++) _values[network.Inputs[i].Index] = inputs[i];
        foreach (Node node in network.Nodes)
        {
            if (node.Layer is Input) continue;
            OracleArray[] x = Arguments(node);
            _values[node.Index] = OracleForward.Run(node.Layer, shapes[node.Index], x);
            Note(node, x);
        }
    }

    /// <summary>Runs forward on one input of float values.</summary>
    public NetworkOracle(Network network, Shape shape, ReadOnlySpan<float> input) : this(network, OracleArray.From(shape, input)) { }

    /// <summary>Masks and switches of the forward pass.</summary>
    public OracleRecord Record { get; } = new();

    /// <summary>
    /// How near the forward pass came to another decision: the least distance of a rectifier's input from its kink, or of a window's two
    /// largest values, relative to the node's largest magnitude. Exact ties count as decided: float32 has them too.
    /// </summary>
    public double Margin { get; private set; } = double.PositiveInfinity;

    /// <summary>The only input.</summary>
    public Node InputNode => _network.Input;

    public OracleArray this[Node node] => _values[node.Index];

    /// <summary>Carries a signal back from a node; the result holds the signal at every node it reaches.</summary>
    /// <param name="from">Where it starts.</param>
    /// <param name="seed">The signal there.</param>
    /// <param name="rule">The rule; its node rule is not looked at.</param>
    /// <param name="record">Masks and switches in place of the forward pass's own.</param>
    /// <param name="taken">Takes nodes out of the rule: returns the signals of the inputs, or null to leave a node alone.</param>
    public IReadOnlyDictionary<Node, double[]> Backward(
        Node from, double[] seed, BackwardRule rule, OracleRecord? record = null, Func<Node, OracleArray[], double[], double[][]?>? taken = null)
    {
        var signals = new Dictionary<Node, double[]> { [from] = seed };
        foreach (Node node in _network.Nodes.Reverse())
        {
            if (node.Layer is Input or Constant || !signals.TryGetValue(node, out double[]? signal)) continue;
            OracleArray[] x = Arguments(node);
            double[][]? own = taken?.Invoke(node, x, signal);
            for (int i = 0; i < x.Length; i++)
            {
                double[] part = own is not null ? own[i] : Carry(node, x, i, signal, rule, record ?? Record);
                signals[node.Inputs[i]] = signals.TryGetValue(node.Inputs[i], out double[]? sum) ? [.. sum.Zip(part, (a, b) => a + b)] : part;
            }
        }

        return signals;
    }

    OracleArray[] Arguments(Node node) => [.. node.Inputs.Select(i => _values[i.Index])];

    double[] Carry(Node node, OracleArray[] x, int input, double[] signal, BackwardRule rule, OracleRecord record)
    {
        switch (node.Layer)
        {
            case Relu or LeakyRelu or ParametricRelu or Clip:
                return Rectify(node, x[0], signal, rule.Relu, record.Masks[node]);
            case SmoothFunction when rule.Relu != ReluRule.Gradient:
                throw new NotSupportedException($"{node.Layer.Operator} has no meaning under {rule.Relu}");
            case Elu:
                // Its slope bends at 0, which a difference formula of some width does not forgive.
                return [.. signal.Zip(x[0].Values, (r, v) => v > 0 ? r : r * Math.Exp(v))];
            case MaxPool or GlobalPool { Maximum: true }:
                return Unpool(node, x[0].Shape, signal, rule.Pool == PoolRule.Switches ? record.Switches[node] : Centres(node, x[0].Shape));
            case LocalResponseNormalisation when rule.Lrn == LrnRule.Identity:
                return signal;
            case OrientationBinning binning:
                return OracleForward.BinBack(binning, _values[node.Index].Shape, x[0], signal);
            case BlockNormalisation norm:
                return OracleForward.NormaliseBack(norm, x[0], signal);
            default:
                if (!_jacobians.TryGetValue((node, input), out OracleJacobian? jacobian))
                    _jacobians[(node, input)] = jacobian = new OracleJacobian(node.Layer, _values[node.Index].Shape, x, input);
                return jacobian.Transposed(signal);
        }
    }

    static double[] Rectify(Node node, OracleArray x, double[] signal, ReluRule rule, bool[] mask)
    {
        var result = new double[signal.Length];
        for (int i = 0; i < result.Length; i++)
        {
            double top = rule == ReluRule.Gradient ? signal[i] : Math.Max(signal[i], 0);
            double lower = node.Layer switch
            {
                LeakyRelu leaky => leaky.Alpha,
                ParametricRelu learnt => OracleForward.Slope(learnt, x.Shape, i),
                _ => 0,
            };
            result[i] = rule == ReluRule.Deconvnet || mask[i] ? top : lower * top;
        }

        return result;
    }

    double[] Unpool(Node node, Shape x, double[] signal, int[] switches)
    {
        Shape pooled = _values[node.Index].Shape;
        var result = new double[x.Count];
        for (int i = 0; i < signal.Length; i++)
        {
            if (switches[i] >= 0) result[i / (pooled.H * pooled.W) * x.H * x.W + switches[i]] += signal[i];
        }

        return result;
    }

    /// <summary>The centre of each window, index ceil(k/2) counted from 1; -1 where that is padding.</summary>
    int[] Centres(Node node, Shape x)
    {
        Shape pooled = _values[node.Index].Shape;
        Window w = node.Layer.Window ?? OracleForward.WholePlane(x);
        (int top, int left) = OracleForward.LeadingPads(w, x);
        var centres = new int[pooled.Count];
        for (int i = 0; i < centres.Length; i++)
        {
            int v = i / pooled.W % pooled.H * w.Stride.Y + ((w.Kernel.Y + 1) / 2 - 1) * w.Dilation.Y - top;
            int u = i % pooled.W * w.Stride.X + ((w.Kernel.X + 1) / 2 - 1) * w.Dilation.X - left;
            centres[i] = v >= 0 && v < x.H && u >= 0 && u < x.W ? v * x.W + u : -1;
        }

        return centres;
    }

    void Note(Node node, OracleArray[] x)
    {
        if (node.Layer is Relu or LeakyRelu or ParametricRelu or Clip)
        {
            (double low, double high) = node.Layer is Clip clip ? ((double)clip.Minimum, clip.Maximum) : (0.0, double.PositiveInfinity);
            Record.Masks[node] = Array.ConvertAll(x[0].Values, v => v > low && v < high);
            double scale = x[0].Values.Max(Math.Abs);
            foreach (double v in x[0].Values)
            {
                double distance = Math.Min(Math.Abs(v - low), Math.Abs(v - high));
                if (distance > 0) Margin = Math.Min(Margin, distance / scale);
            }
        }
        else if (node.Layer is Elu)
        {
            Margin = Math.Min(Margin, x[0].Values.Min(Math.Abs) / x[0].Values.Max(Math.Abs));
        }
        else if (node.Layer is MaxPool or GlobalPool { Maximum: true })
        {
            Window w = node.Layer.Window ?? OracleForward.WholePlane(x[0].Shape);
            var switches = new int[_values[node.Index].Values.Length];
            OracleForward.Maximum(w, _values[node.Index].Shape, x[0], switches);
            Record.Switches[node] = switches;
            NoteRunnersUp(node, w, x[0], switches);
        }
        else if (node.Layer is OrientationBinning or BlockNormalisation)
        {
            double least = node.Layer is OrientationBinning binning
                ? OracleForward.BinMargin(binning, x[0])
                : OracleForward.NormaliseMargin((BlockNormalisation)node.Layer, x[0]);
            Margin = Math.Min(Margin, least / x[0].Values.Max(Math.Abs));
        }
    }

    /// <summary>The least gap between a window's maximum and what it would be without that pixel.</summary>
    void NoteRunnersUp(Node node, Window w, OracleArray x, int[] switches)
    {
        Shape pooled = _values[node.Index].Shape;
        double scale = x.Values.Max(Math.Abs);
        for (int i = 0; i < switches.Length; i++)
        {
            int at = i / (pooled.H * pooled.W) * x.Shape.H * x.Shape.W + switches[i];
            double best = x.Values[at];
            x.Values[at] = double.NegativeInfinity;
            double second = OracleForward.Maximum(w, pooled, x, null).Values[i];
            x.Values[at] = best;
            if (second < best && second > double.NegativeInfinity) Margin = Math.Min(Margin, (best - second) / scale);
        }
    }
}
