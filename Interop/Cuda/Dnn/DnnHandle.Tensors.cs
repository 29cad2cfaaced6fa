using static Preimage.Native.Cuda.CuDnn;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>What is done to tensors element by element, and reductions.</summary>
internal sealed unsafe partial class DnnHandle
{
    /// <summary>c = operation(alphaA a, alphaB b) + beta c; b may have extent 1 along axes.</summary>
    public void Join(
        OpTensorDescriptor operation, float alphaA, TensorDescriptor aShape, nint a, float alphaB, TensorDescriptor bShape, nint b,
        float beta, TensorDescriptor cShape, nint c)
    {
        cudnnOpTensor(
            Handle, operation.Handle, &alphaA, aShape.Handle, a, &alphaB, bShape.Handle, b, &beta, cShape.Handle, c).ThrowIfFailed();
        Stream.Check(nameof(cudnnOpTensor));
    }

    /// <summary>c = alpha a + beta c; a may have extent 1 along axes, as a bias has.</summary>
    public void Add(float alpha, TensorDescriptor aShape, nint a, float beta, TensorDescriptor cShape, nint c)
    {
        cudnnAddTensor(Handle, &alpha, aShape.Handle, a, &beta, cShape.Handle, c).ThrowIfFailed();
        Stream.Check(nameof(cudnnAddTensor));
    }

    /// <summary>Bytes of workspace that a reduction needs.</summary>
    public long ReductionWorkspace(ReduceTensorDescriptor reduction, TensorDescriptor aShape, TensorDescriptor cShape)
    {
        using var current = Context.MakeCurrent();
        nuint bytes;
        cudnnGetReductionWorkspaceSize(Handle, reduction.Handle, aShape.Handle, cShape.Handle, &bytes).ThrowIfFailed();
        return (long)bytes;
    }

    /// <summary>c = alpha reduction(a) + beta c over the axes along which c has extent 1.</summary>
    public void Reduce(
        ReduceTensorDescriptor reduction, nint workspace, long workspaceBytes, float alpha, TensorDescriptor aShape, nint a,
        float beta, TensorDescriptor cShape, nint c)
    {
        cudnnReduceTensor(
            Handle, reduction.Handle, 0, 0, workspace, (nuint)workspaceBytes, &alpha, aShape.Handle, a, &beta, cShape.Handle, c).ThrowIfFailed();
        Stream.Check(nameof(cudnnReduceTensor));
    }

    /// <summary>Sets every element.</summary>
    public void Set(TensorDescriptor yShape, nint y, float value)
    {
        cudnnSetTensor(Handle, yShape.Handle, y, &value).ThrowIfFailed();
        Stream.Check(nameof(cudnnSetTensor));
    }

    /// <summary>Multiplies every element.</summary>
    public void Scale(TensorDescriptor yShape, nint y, float factor)
    {
        cudnnScaleTensor(Handle, yShape.Handle, y, &factor).ThrowIfFailed();
        Stream.Check(nameof(cudnnScaleTensor));
    }

    /// <summary>y = alpha x + beta y, between two layouts.</summary>
    public void Transform(float alpha, TensorDescriptor xShape, nint x, float beta, TensorDescriptor yShape, nint y)
    {
        cudnnTransformTensor(Handle, &alpha, xShape.Handle, x, &beta, yShape.Handle, y).ThrowIfFailed();
        Stream.Check(nameof(cudnnTransformTensor));
    }
}
