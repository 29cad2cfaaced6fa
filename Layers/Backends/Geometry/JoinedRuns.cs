using Preimage.Cpu.Copies;

namespace Preimage.Layers.Backends.Geometry;

/// <summary>Arrays joined along an axis: runs of each input side by side.</summary>
internal sealed class JoinedRuns
{
    readonly int _outerPerRow;

    /// <exception cref="ShapeException">The inputs do not join to the output.</exception>
    public JoinedRuns(int axis, ReadOnlySpan<Shape> inputs, Shape output)
    {
        if ((uint)axis >= (uint)output.Rank)
            throw new ShapeException($"no axis {axis} to join along in {output}");
        Axis = axis;
        _outerPerRow = 1;
        for (int i = 1; i < axis; i++)
            _outerPerRow *= output[i];
        Runs = new int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            Runs[i] = Run(inputs[i], axis);
        OutputRun = Run(output, axis);
        if (Runs.Sum() != OutputRun)
            throw new ShapeException($"{string.Join(", ", inputs.ToArray())} joined along axis {axis} do not give {output}");
    }

    public int Axis { get; }

    /// <summary>Elements of each input that lie together, from the axis inwards.</summary>
    public int[] Runs { get; }

    /// <summary>The same of the output.</summary>
    public int OutputRun { get; }

    /// <summary>Runs of an input in so many rows of the output.</summary>
    public nint Count(int rows) => Axis == 0 ? 1 : (nint)rows * _outerPerRow;

    static int Run(Shape shape, int axis)
    {
        int run = 1;
        for (int i = axis; i < shape.Rank; i++)
            run *= shape[i];
        return run;
    }
}
