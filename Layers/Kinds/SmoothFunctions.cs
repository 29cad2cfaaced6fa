using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>A function of one element at a time that is not linear in pieces: it has its derivative under <see cref="ReluRule.Gradient"/>, and no meaning
/// under the other two rules.</summary>
public abstract class SmoothFunction : Elementwise
{
    private protected SmoothFunction() { }
}

/// <summary>1 / (1 + exp(-x)).</summary>
public sealed class Sigmoid : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Sigmoid";

    internal override UnaryFunction Function => new(UnaryKind.Sigmoid);
}

/// <summary>tanh(x).</summary>
public sealed class Tanh : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Tanh";

    internal override UnaryFunction Function => new(UnaryKind.Tanh);
}

/// <summary>exp(x).</summary>
public sealed class Exponential : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Exp";

    internal override UnaryFunction Function => new(UnaryKind.Exp);
}

/// <summary>The square root of x.</summary>
public sealed class SquareRoot : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Sqrt";

    internal override UnaryFunction Function => new(UnaryKind.Sqrt);
}

/// <summary>The exponential linear unit with alpha = 1: x where x &gt; 0, else exp(x) - 1 (Clevert, Unterthiner and Hochreiter 2016).</summary>
public sealed class Elu : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Elu";

    internal override UnaryFunction Function => new(UnaryKind.Elu);
}

/// <summary>ln(1 + exp(x)).</summary>
public sealed class Softplus : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Softplus";

    internal override UnaryFunction Function => new(UnaryKind.Softplus);
}

/// <summary>erf(x), of which the Gaussian error linear unit is made.</summary>
public sealed class ErrorFunction : SmoothFunction
{
    /// <inheritdoc/>
    public override string Operator => "Erf";

    internal override UnaryFunction Function => new(UnaryKind.Erf);
}
