using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Preimage.Surface.Tests;

/// <summary>Writes the public surface of an assembly as text: a line per type, its members indented below, all in order of name.</summary>
/// <remarks>What the compiler adds to records is left out: it follows from the parameters of the constructor.</remarks>
internal static class PublicListing
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(nint)] = "nint", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>Lists an assembly.</summary>
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(TypeLine(type)).Append('\n');
            foreach (string member in Members(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    static string TypeLine(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        IEnumerable<Type> inherited = type.GetInterfaces().Where(i => i.IsVisible && i.Namespace?.StartsWith("Preimage", StringComparison.Ordinal) == true);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum)
            inherited = inherited.Prepend(parent);
        if (typeof(IDisposable).IsAssignableFrom(type))
            inherited = inherited.Append(typeof(IDisposable));
        string[] names = [.. inherited.Select(Name).Distinct()];
        return $"{kind} {type.FullName}{(names.Length > 0 ? $" : {string.Join(", ", names)}" : "")}";
    }

    static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), CultureInfo.InvariantCulture)}");
        return type.GetMembers(Declared).Where(m => m.GetCustomAttribute<CompilerGeneratedAttribute>() is null).Select(Describe).OfType<string>();
    }

    static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo c when IsSeen(c) => $"new({Parameters(c)})",
        MethodInfo m when IsSeen(m) && IsOwn(m) => $"{Static(m)}{m.Name}({Parameters(m)}) : {Name(m.ReturnType)}",
        PropertyInfo p when Seen(p.GetMethod) || Seen(p.SetMethod) => $"{Static((p.GetMethod ?? p.SetMethod)!)}{Indexed(p)} : {Name(p.PropertyType)} {Accessors(p)}",
        FieldInfo f when f.IsPublic || f.IsFamily => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{f.Name} : {Name(f.FieldType)}{(f.IsLiteral ? $" = {Constant(f.GetRawConstantValue())}" : "")}",
        EventInfo e when Seen(e.AddMethod) => $"event {e.Name} : {Name(e.EventHandlerType!)}",
        _ => null,
    };

    // Accessors are listed with their property; overrides of object say nothing new.
    static bool IsOwn(MethodInfo m) =>
        (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal)) && m.GetBaseDefinition().DeclaringType != typeof(object);

    static bool Seen(MethodBase? m) => m is not null && IsSeen(m);

    static bool IsSeen(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    static string Static(MethodBase m) => m.IsStatic ? "static " : m.IsFamily || m.IsFamilyOrAssembly ? "protected " : m.IsAbstract ? "abstract " : "";

    static string Indexed(PropertyInfo p) =>
        p.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Parameter))}]" : p.Name;

    static string Accessors(PropertyInfo p)
    {
        string get = Seen(p.GetMethod) ? "get; " : "";
        if (!Seen(p.SetMethod))
            return $"{{ {get}}}";
        bool init = p.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return $"{{ {get}{(init ? "init; " : "set; ")}}}";
    }

    static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(Parameter));

    static string Parameter(ParameterInfo p)
    {
        string way = p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "";
        return $"{way}{Name(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? $" = {(p.RawDefaultValue is null && p.ParameterType.IsValueType ? "default" : Constant(p.RawDefaultValue))}" : "")}";
    }

    static string Constant(object? value) => value switch
    {
        null => "null",
        string s => $"\"{s}\"",
        bool b => b ? "true" : "false",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[]";
        if (s_keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (!type.IsGenericType)
            return type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        string bare = type.Name.Split('`')[0];
        return $"{bare}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
