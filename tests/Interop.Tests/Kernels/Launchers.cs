using System.Text;

namespace Preimage.Interop.Tests.Kernels;

/// <summary>
/// Writes the launchers in Interop/Cuda/Kernels. Nothing checks the arguments of a launch, and one of a wrong size is silent
/// corruption: so their types come from the kernels themselves.
/// </summary>
internal static class Launchers
{
    const int Widest = 120;

    /// <summary>The class of a family of kernels.</summary>
    public static string ClassOf(string family) => $"{Pascal(family)}Kernels";

    /// <summary>The launchers of a family.</summary>
    public static string Of(string family, IReadOnlyList<KernelSource> kernels)
    {
        var text = new StringBuilder();
        text.Append($"// Written by tests/Interop.Tests from Native/Kernels/{family}.cu and its PTX; run them with PREIMAGE_ACCEPT=1 to write it anew.\n");
        text.Append("namespace Preimage.Interop.Cuda.Kernels;\n\n");
        text.Append($"/// <summary>Launches the kernels of {family}.cu, in the current context. They allocate nothing.</summary>\n");
        text.Append($"internal static unsafe class {ClassOf(family)}\n{{\n");
        text.Append($"    /// <summary>What <see cref=\"KernelLibrary.Load\"/> calls them.</summary>\n    public const string Family = \"{family}\";\n\n");
        foreach (var kernel in kernels) text.Append($"    static readonly KernelEntry {Field(kernel)} = new(Family, \"{kernel.Name}\");\n");
        foreach (var kernel in kernels)
        {
            string[] names = [.. kernel.Parameters.Select(p => Safe(p.Name))];
            text.Append('\n');
            if (kernel.Comment.Length > 0) Wrap(text, $"<summary>{Escape(kernel.Comment)}</summary>", "    /// ", "");
            text.Append($"    public static void {Pascal(kernel.Name)}(\n");
            Wrap(text, $"KernelLibrary kernels, CudaStream stream, LaunchShape shape, {string.Join(", ", kernel.Parameters.Select((p, i) => $"{Type(p.Type)} {names[i]}"))})", "        ", ",");
            text.Append("    {\n");
            text.Append("        void** arguments = stackalloc void*[]\n        {\n");
            Wrap(text, $"{string.Join(", ", names.Select(n => $"&{n}"))},", "            ", ",");
            text.Append("        };\n");
            text.Append($"        kernels[{Field(kernel)}].Launch(stream, shape, arguments);\n    }}\n");
        }
        return text.Append("}\n").ToString();
    }

    static string Escape(string comment) => comment.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    // An address is a nint, whatever lies there; sizes have no sign in C# either.
    static string Type(string type) => type switch
    {
        "int" => "int",
        "unsigned" => "uint",
        "float" or "double" => type,
        "i64" => "long",
        _ when type.EndsWith('*') => "nint",
        _ => throw new NotSupportedException($"A kernel takes a {type}: pointers, int, unsigned, i64, float and double are known."),
    };

    static string Field(KernelSource kernel) => $"s_{char.ToLowerInvariant(Pascal(kernel.Name)[0])}{Pascal(kernel.Name)[1..]}";

    static string Pascal(string name) => string.Concat(name.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    static string Safe(string name) => name is "in" or "out" or "ref" or "params" or "base" or "fixed" or "kernels" or "stream" or "shape" or "arguments" ? $"{name}_" : name;

    /// <summary>Breaks a line at blanks, behind the separator where one is given.</summary>
    static void Wrap(StringBuilder text, string line, string indent, string separator)
    {
        while (indent.Length + line.Length > Widest)
        {
            int cut = line.LastIndexOf($"{separator} ", Widest - indent.Length - separator.Length, StringComparison.Ordinal);
            if (cut < 0) break;
            text.Append(indent).Append(line.AsSpan(0, cut + separator.Length)).Append('\n');
            line = line[(cut + separator.Length + 1)..];
        }
        text.Append(indent).Append(line).Append('\n');
    }
}
