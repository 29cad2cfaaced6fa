using System.Reflection;
using System.Runtime.InteropServices;
using Preimage.Native.Cuda;

namespace Preimage.Interop.Tests.Bindings;

/// <summary>What our imports of CUDA's libraries declare, in the form of <see cref="Annex"/>.</summary>
internal static class Bound
{
    static readonly Type[] s_libraries = [typeof(CudaDriver), typeof(CuBlas), typeof(CuDnn)];

    static readonly Type[] s_enums = [typeof(CUresult), typeof(cublasStatus_t), typeof(cudnnStatus_t)];

    /// <summary>Compact signatures of our imports, by name.</summary>
    public static SortedDictionary<string, string> Signatures()
    {
        var signatures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var method in s_libraries.SelectMany(l => l.GetMethods(BindingFlags.Public | BindingFlags.Static)))
            signatures.Add(method.Name, $"{string.Concat(method.GetParameters().Select(p => Width(p.ParameterType)))}:{Width(method.ReturnType)}");
        return signatures;
    }

    /// <summary>Values of our constants and enumerators, by name.</summary>
    public static SortedDictionary<string, int> Constants()
    {
        var constants = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in s_libraries.Concat(s_enums).SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Where(f => f.IsLiteral))
            constants.Add(field.Name, Convert.ToInt32(field.GetRawConstantValue()));
        return constants;
    }

    static char Width(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsUnmanagedFunctionPointer || type == typeof(nint)) return 'p';
        if (type == typeof(void)) return 'v';
        if (type == typeof(nuint)) return 's';
        if (type == typeof(float)) return 'f';
        if (type == typeof(double)) return 'd';
        return (char)('0' + Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type));
    }
}
