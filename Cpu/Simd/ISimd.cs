namespace Preimage.Cpu.Simd;

/// <summary>The vector operations of one instruction set, over its raw vector type.</summary>
/// <remarks>
/// Generic over the raw type because a struct wrapped around it costs register moves in the inner loop. A mask is a vector whose lanes are all
/// ones or all zeros. Every operation is IEEE-exact lane by lane, so a kernel gives the same bits whatever its width.
/// </remarks>
internal unsafe interface ISimd<TV> where TV : unmanaged
{
    /// <summary>Lanes of a vector: 16, 8, 4 or 1.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the matrix-product tile.</summary>
    static abstract int TileRows { get; }

    /// <summary>Vectors across the tile; rows * vectors + vectors + 1 fit the register file.</summary>
    static abstract int TileVectors { get; }

    static abstract TV Load(float* address);

    /// <summary>Every second float, the first one among them; reads 2 * Width - 1.</summary>
    static abstract TV LoadEven(float* address);

    static abstract void Store(float* address, TV value);

    static abstract TV Broadcast(float value);

    static abstract TV BroadcastBits(int value);

    static abstract TV Add(TV a, TV b);

    static abstract TV Sub(TV a, TV b);

    static abstract TV Mul(TV a, TV b);

    static abstract TV Div(TV a, TV b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TV Fma(TV a, TV b, TV c);

    static abstract TV Sqrt(TV a);

    /// <summary>a where a &gt; b, else b: the second of two zeros, or where either is not a number.</summary>
    static abstract TV Greatest(TV a, TV b);

    /// <summary>a &gt; b; false where either is not a number.</summary>
    static abstract TV Greater(TV a, TV b);

    /// <summary>a &lt;= b; false where either is not a number.</summary>
    static abstract TV LessOrEqual(TV a, TV b);

    static abstract TV And(TV a, TV b);

    static abstract TV Or(TV a, TV b);

    /// <summary>a where the mask is set, else b.</summary>
    static abstract TV Select(TV mask, TV a, TV b);

    /// <summary>Whether lanes are equal as 32-bit integers.</summary>
    static abstract TV BitsEqual(TV a, TV b);

    /// <summary>Adds lanes as 32-bit integers.</summary>
    static abstract TV BitsAdd(TV a, TV b);

    /// <summary>Subtracts lanes as 32-bit integers.</summary>
    static abstract TV BitsSub(TV a, TV b);

    static abstract TV BitsShiftLeft(TV a, int count);

    /// <summary>Shifts right as signed integers.</summary>
    static abstract TV BitsShiftRight(TV a, int count);

    /// <summary>Width bytes as 32-bit integers.</summary>
    static abstract TV LoadBytes(byte* address);

    /// <summary>Writes lanes that are 32-bit integers from 0 to 255 as bytes.</summary>
    static abstract void StoreBytes(byte* address, TV value);

    /// <summary>Transposes a square of Width rows of Width floats; strides are between its rows.</summary>
    static abstract void Transpose(float* from, nint stride, float* to, nint toStride);

    /// <summary>One bit per lane of a mask, lane 0 lowest.</summary>
    static abstract uint ToBits(TV mask);

    /// <summary>The mask of which <see cref="ToBits"/> gives these bits; higher bits are ignored.</summary>
    static abstract TV FromBits(uint bits);

    /// <summary>Adds each lane, as a double, to the double of its place.</summary>
    static abstract void AddWide(double* sums, TV values);

    /// <summary>The same for each of several rows, in order.</summary>
    static abstract void AddRowsWide(double* sums, float* x, nint stride, int rows);

    /// <summary>Adds the exact product of each pair of lanes to the double of its place.</summary>
    static abstract void AddProductsWide(double* sums, TV a, TV b);

    /// <summary>The same for each of several rows, in order.</summary>
    static abstract void AddProductRowsWide(double* sums, float* x, float* y, nint stride, int rows);
}
