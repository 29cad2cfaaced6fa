using System.Runtime.InteropServices;

namespace Preimage.Native;

/// <summary>The system's own answers to what this process has loaded.</summary>
internal static unsafe partial class LoadedLibraries
{
    [LibraryImport("libc")]
    public static partial nint dlopen(byte* file, int mode);

    [LibraryImport("kernel32")]
    public static partial nint GetModuleHandleW(char* name);
}
