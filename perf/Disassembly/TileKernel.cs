using Preimage.Cpu;

namespace Preimage.Perf.Disassembly;

/// <summary>One instantiation of a kernel whose inner loop is all multiply-adds.</summary>
/// <param name="Name">As it stands in expected.txt: class and tile.</param>
/// <param name="Isa">What it is compiled for; it is checked where the machine has it.</param>
/// <param name="Method">Class and method with their namespace, as the compiler's listings are asked for.</param>
/// <param name="Listing">How the listing's heading starts, namespaces left out: class, method, type arguments.</param>
/// <param name="MultiplyAdds">The fewest that one step of the loop can have: rows * vectors.</param>
/// <param name="Run">Runs it once.</param>
internal sealed unsafe record TileKernel(string Name, Isa Isa, string Method, string Listing, int MultiplyAdds, Action Run)
{
    /// <summary>A step of the loop is the same for every depth; the loop just has to be compiled and left.</summary>
    public const int Depth = 4;

    const int Floats = 4096;

    /// <summary>What runs a kernel over three arrays, long enough for any.</summary>
    public delegate void OverThree(float* a, float* b, float* c);

    /// <summary>A kernel by its class, method and type arguments.</summary>
    public static TileKernel Of(Type kernel, string method, Isa isa, string tile, int multiplyAdds, IEnumerable<Type> arguments, OverThree run) =>
        new($"{kernel.Name} {isa} {tile}", isa, $"{kernel.FullName}:{method}", Heading(kernel, method, arguments), multiplyAdds, () =>
        {
            using AlignedBuffer a = Values.Drawn(1, Floats), b = Values.Drawn(2, Floats), c = Values.Drawn(3, Floats);
            run(a.Floats, b.Floats, c.Floats);
        });

    /// <summary>Listing's text for a class, method and its type arguments.</summary>
    static string Heading(Type kernel, string method, IEnumerable<Type> arguments) =>
        $"{kernel.Name}:{method}[{string.Join(',', arguments.Select(Short))}]";

    static string Short(Type type) => type == typeof(float) ? "float"
        : type.IsGenericType ? $"{type.Name}[{string.Join(',', type.GetGenericArguments().Select(Short))}]" : type.Name;
}
