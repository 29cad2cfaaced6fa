using System.Diagnostics;
using Preimage.Surface.Tests.Commands;

namespace Preimage.Surface.Tests.Packages;

/// <summary>Programs run in a folder: the SDK's <c>dotnet</c>, and what it made.</summary>
internal static class DotNet
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    static readonly Lazy<bool> s_isHere = new(() =>
    {
        try
        {
            return Run(Repository.Root, "dotnet", ["--version"]).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Whether there is an SDK that the repository can be built with; a runtime alone has a <c>dotnet</c> too.</summary>
    public static bool IsHere => s_isHere.Value;

    /// <summary>Runs a program, with variables of the environment set.</summary>
    public static CommandLineResult Run(string folder, string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        string[] all = [.. arguments];
        var start = new ProcessStartInfo(program, all) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // What the test runner was told about building is not for projects of a test.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // No build servers: they would outlive the test and hold its folder.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', all)} did not end within {s_patience}");
        }

        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output.Result, errors.Result);
    }
}
