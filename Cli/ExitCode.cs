namespace Preimage.Cli;

/// <summary>What the process tells its caller at the end.</summary>
internal static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Ok = 0;

    /// <summary>The command was understood but failed: a file, a model, a device.</summary>
    public const int Failure = 1;

    /// <summary>The command was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl+C, as shells count it: 128 + SIGINT.</summary>
    public const int Cancelled = 130;
}
