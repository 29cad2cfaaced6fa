using System.Diagnostics;
using Preimage.Surface.Tests.Commands;

namespace Preimage.Surface.Tests.Packages;

/// <summary>Programs run in a folder: the SDK's <c>dotnet</c>, and what it made.</summary>
internal static class DotNet
{
    /// <summary>ENOENT, and ERROR_FILE_NOT_FOUND.</summary>
    const int NoSuchFile = 2;

    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    static readonly Lazy<bool> s_isHere = new(() =>
    {
        try
        {
            return Run(Repository.Root, "dotnet", ["--version"]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e) when (e.NativeErrorCode == NoSuchFile)
        {
            return false;
        }
    });

    /// <summary>Whether there is an SDK that the repository can be built with; a runtime alone has a <c>dotnet</c> too.</summary>
    public static bool IsHere => s_isHere.Value;

    /// <summary>Runs a program, with variables of the environment set.</summary>
    public static CommandLineResult Run(string folder, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // What the test runner was told about building is not for projects of a test.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // No build servers: they would outlive the test and hold its folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Commands.CommandLine.ToItsEnd(start, s_patience);
    }
}
