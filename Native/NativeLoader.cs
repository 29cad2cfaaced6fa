using System.Runtime.InteropServices;

namespace Preimage.Native;

/// <summary>What a search for libraries asks of the operating system. Nothing here throws.</summary>
internal unsafe class NativeLoader
{
    // RTLD_LAZY | RTLD_NOLOAD of glibc.
    const int LazyNoLoad = 0x1 | 0x4;
    const uint MostPath = 1024;

    /// <summary>Loads a file, or what the system's loader finds under a name.</summary>
    public virtual bool TryLoad(string nameOrPath, out nint handle) => NativeLibrary.TryLoad(nameOrPath, out handle);

    /// <summary>Finds a library that somebody in this process has loaded already, so that its copy is shared.</summary>
    public virtual bool TryFindLoaded(string name, out nint handle)
    {
        handle = 0;
        try
        {
            if (OperatingSystem.IsLinux())
            {
                fixed (byte* text = Utf8(name)) handle = LoadedLibraries.dlopen(text, LazyNoLoad);
            }
            else if (OperatingSystem.IsWindows())
            {
                fixed (char* text = name) handle = LoadedLibraries.GetModuleHandleW(text);
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // A libc without dlopen of its own (glibc before 2.34): the search goes on without this step.
        }
        return handle != 0;
    }

    /// <summary>The file that a loaded library came from, told by a symbol it exports; null where the system does not say.</summary>
    public virtual string? FileOf(nint handle, string symbol)
    {
        if (!NativeLibrary.TryGetExport(handle, symbol, out nint address)) return null;
        try
        {
            if (OperatingSystem.IsLinux())
            {
                Dl_info info;
                return LoadedLibraries.dladdr((void*)address, &info) != 0 ? Marshal.PtrToStringUTF8((nint)info.dli_fname) : null;
            }
            if (OperatingSystem.IsWindows())
            {
                char* text = stackalloc char[(int)MostPath];
                uint length = LoadedLibraries.GetModuleFileNameW(handle, text, MostPath);
                return length is > 0 and < MostPath ? new string(text, 0, (int)length) : null;
            }
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // As above: the name it was loaded by has to do.
        }
        return null;
    }

    /// <summary>Gives back a library that will not be used after all.</summary>
    public virtual void Free(nint handle) => NativeLibrary.Free(handle);

    /// <summary>Whether a library exports a symbol.</summary>
    public virtual bool Exports(nint handle, string symbol) => NativeLibrary.TryGetExport(handle, symbol, out _);

    /// <summary>The version that a library reports through one of its functions; 0 where it has no such function.</summary>
    public virtual long Version(nint handle, string function)
    {
        if (!NativeLibrary.TryGetExport(handle, function, out nint entry)) return 0;
        int value = 0;
        switch (function)
        {
            case CudaNames.DriverVersion:
                return ((delegate* unmanaged<int*, int>)entry)(&value) == 0 ? value : 0;
            case CudaNames.BlasProperty:
                // libraryPropertyType MAJOR_VERSION is 0.
                return ((delegate* unmanaged<int, int*, int>)entry)(0, &value) == 0 ? value : 0;
            default:
                return (long)((delegate* unmanaged<nuint>)entry)();
        }
    }

    static byte[] Utf8(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text), 0];
}
