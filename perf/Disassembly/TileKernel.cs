using Preimage.Cpu;

namespace Preimage.Perf.Disassembly;

/// <summary>One instantiation of a kernel whose inner loop is all multiply-adds.</summary>
/// <param name="Name">As it stands in expected.txt: class and tile.</param>
/// <param name="Isa">What it is compiled for; it is checked where the machine has it.</param>
/// <param name="Method">Class and method with their namespace, as the compiler's listings are asked for.</param>
/// <param name="Listing">How the listing's heading starts, namespaces left out: class, method, type arguments.</param>
/// <param name="MultiplyAdds">The fewest that one step of the loop can have: rows * vectors.</param>
/// <param name="Run">Runs it once.</param>
internal sealed record TileKernel(string Name, Isa Isa, string Method, string Listing, int MultiplyAdds, Action Run)
{
    /// <summary>Listing's text for a class, method and its type arguments.</summary>
    public static string Heading(Type kernel, string method, params IEnumerable<Type> arguments) =>
        $"{kernel.Name}:{method}[{string.Join(',', arguments.Select(Short))}]";

    static string Short(Type type) => type == typeof(float) ? "float"
        : type.IsGenericType ? $"{type.Name}[{string.Join(',', type.GetGenericArguments().Select(Short))}]" : type.Name;
}
