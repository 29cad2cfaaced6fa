using Preimage.Layers.Operators;

namespace Preimage.Layers.Kinds;

/// <summary>The element-wise operations of two inputs.</summary>
public enum ArithmeticOperation
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a - b.</summary>
    Sub,

    /// <summary>a * b.</summary>
    Mul,

    /// <summary>a / b.</summary>
    Div,
}

/// <summary>a op b, element by element, with multidirectional broadcasting.</summary>
/// <param name="operation">The operation.</param>
public sealed class Arithmetic(ArithmeticOperation operation) : Layer
{
    /// <summary>The operation.</summary>
    public ArithmeticOperation Operation { get; } = operation;

    /// <inheritdoc/>
    public override string Operator => Operation.ToString();

    internal override HostTensor? Fold(in LayerInputs inputs) => inputs.TryConstant(0) is { } a && inputs.TryConstant(1) is { } b
        ? HostValues.Combine(a, b, Apply, Apply)
        : null;

    internal override Shape Infer(in LayerInputs inputs) => Broadcasting.Combine(inputs.Shape(0), inputs.Shape(1));

    internal override bool KeepsSamplesApart(in LayerInputs inputs, Shape output) =>
        Apart(inputs.Shape(0), inputs.Varies(0), output) && Apart(inputs.Shape(1), inputs.Varies(1), output);

    internal override IOperator Prepare(Backend backend, in LayerInputs inputs, Shape output) =>
        backend.CreateArithmetic(Operation, inputs.Shape(0), inputs.Shape(1), output);

    /// <summary>What varies must carry the batch in front; what does not must not have one.</summary>
    static bool Apart(Shape input, bool varies, Shape output) => varies
        ? input.Rank == output.Rank && input.N == output.N
        : input.Rank < output.Rank || input.N == 1;

    // Integers wrap around, and division cuts toward zero, as in the models' own arithmetic.
    long Apply(long a, long b) => Operation switch
    {
        ArithmeticOperation.Add => unchecked(a + b),
        ArithmeticOperation.Sub => unchecked(a - b),
        ArithmeticOperation.Mul => unchecked(a * b),
        _ => b == 0 ? throw new ShapeException($"{a} is divided by 0") : b == -1 ? unchecked(-a) : a / b,
    };

    double Apply(double a, double b) => Operation switch
    {
        ArithmeticOperation.Add => a + b,
        ArithmeticOperation.Sub => a - b,
        ArithmeticOperation.Mul => a * b,
        _ => a / b,
    };
}
