using Preimage.Native.Cuda;
using static Preimage.Native.Cuda.CudaDriver;

namespace Preimage.Interop.Cuda;

/// <summary>An entry of a module, which owns it.</summary>
internal sealed unsafe class CudaKernel(CudaModule module, string name, nint function)
{
    const int MostY = 65535;
    const int MostThreads = 1024;

    /// <summary>Its module.</summary>
    public CudaModule Module { get; } = module;

    /// <summary>Its name in the PTX.</summary>
    public string Name { get; } = name;

    /// <summary>Registers of a thread.</summary>
    public int Registers => Attribute(CU_FUNC_ATTRIBUTE_NUM_REGS);

    /// <summary>Bytes of a thread that did not fit into registers.</summary>
    public int LocalBytes => Attribute(CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES);

    /// <summary>The most threads that a block of it may have.</summary>
    public int ThreadsPerBlock => Attribute(CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);

    /// <summary>Allows it more dynamic shared memory than the 48 KiB that every device gives.</summary>
    public void AllowShared(int bytes)
    {
        using var current = Module.Context.MakeCurrent();
        cuFuncSetAttribute(function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes).ThrowIfFailed($"cuFuncSetAttribute({Name}, {bytes} bytes)");
    }

    /// <summary>How many blocks one multiprocessor holds at a time.</summary>
    public int BlocksPerMultiprocessor(int block, int sharedBytes = 0)
    {
        using var current = Module.Context.MakeCurrent();
        int blocks;
        cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, block, (nuint)sharedBytes).ThrowIfFailed();
        return blocks;
    }

    /// <summary>
    /// Launches it in the order of a stream, whose context is current. Nothing checks the sizes of arguments: the generated
    /// launchers are the callers. Allocates nothing.
    /// </summary>
    /// <param name="stream">In whose order.</param>
    /// <param name="shape">Blocks and threads.</param>
    /// <param name="arguments">An address each; they are copied before this returns.</param>
    public void Launch(CudaStream stream, LaunchShape shape, void** arguments)
    {
        shape = shape.On(Module.Context.Device);
        if (shape.GridX < 1 || shape.GridY is < 1 or > MostY || shape.GridZ is < 1 or > MostY) ThrowGrid(shape);
        if (shape.BlockX < 1 || shape.BlockY < 1 || shape.BlockZ < 1 || (long)shape.BlockX * shape.BlockY * shape.BlockZ > MostThreads) ThrowBlock(shape);
        CUresult status = cuLaunchKernel(
            function, (uint)shape.GridX, (uint)shape.GridY, (uint)shape.GridZ, (uint)shape.BlockX, (uint)shape.BlockY, (uint)shape.BlockZ,
            (uint)shape.SharedBytes, stream.Handle, arguments, null);
        if (status != CUresult.CUDA_SUCCESS) status.ThrowIfFailed($"cuLaunchKernel({Name}, {shape})");
        stream.Check(Name);
        GC.KeepAlive(Module);
    }

    void ThrowGrid(LaunchShape shape) => throw new ArgumentOutOfRangeException(nameof(shape),
        $"{Name}: the grid is {shape.GridX}x{shape.GridY}x{shape.GridZ} blocks; 1..2147483647 along x, 1..{MostY} along y and z are allowed.");

    void ThrowBlock(LaunchShape shape) => throw new ArgumentOutOfRangeException(nameof(shape),
        $"{Name}: the block is {shape.BlockX}x{shape.BlockY}x{shape.BlockZ} threads; 1..{MostThreads} in all are allowed.");

    int Attribute(int attribute)
    {
        using var current = Module.Context.MakeCurrent();
        int value;
        cuFuncGetAttribute(&value, attribute, function).ThrowIfFailed($"cuFuncGetAttribute({Name}, {attribute})");
        return value;
    }
}
