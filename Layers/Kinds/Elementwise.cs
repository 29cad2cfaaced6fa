using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>A function of one element at a time.</summary>
public abstract class Elementwise : Layer
{
    private protected Elementwise() { }

    internal abstract UnaryFunction Function { get; }

    internal override Shape Infer(in LayerInputs inputs) => inputs.Shape(0);

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) => backend.CreateUnary(Function, output);
}

/// <summary>max(x, 0).</summary>
public sealed class Relu : Elementwise
{
    /// <inheritdoc/>
    public override string Operator => "Relu";

    internal override UnaryFunction Function => new(UnaryKind.Relu);
}

/// <summary>x where x &gt; 0, else alpha * x.</summary>
/// <param name="alpha">The lower slope.</param>
public sealed class LeakyRelu(float alpha = 0.01f) : Elementwise
{
    /// <inheritdoc/>
    public override string Operator => "LeakyRelu";

    /// <summary>The lower slope.</summary>
    public float Alpha { get; } = alpha;

    internal override UnaryFunction Function => new(UnaryKind.LeakyRelu, Alpha);
}

/// <summary>min(max(x, minimum), maximum): ReLU6 is Clip(0, 6).</summary>
/// <param name="minimum">The lower bound, or minus infinity.</param>
/// <param name="maximum">The upper bound, or plus infinity.</param>
public sealed class Clip(float minimum = float.NegativeInfinity, float maximum = float.PositiveInfinity) : Elementwise
{
    /// <inheritdoc/>
    public override string Operator => "Clip";

    /// <summary>The lower bound.</summary>
    public float Minimum { get; } = minimum;

    /// <summary>The upper bound.</summary>
    public float Maximum { get; } = maximum;

    internal override UnaryFunction Function => new(UnaryKind.Clip, Minimum, Maximum);
}
