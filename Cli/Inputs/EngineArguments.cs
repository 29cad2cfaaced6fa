using System.CommandLine;
using Preimage.Cli.Commands;
using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>Where a command runs, and with which arithmetic; each command adds its own.</summary>
internal sealed class EngineArguments
{
    /// <summary>The device.</summary>
    public Option<Device?> Device { get; } = CommonOptions.OnDevice();

    /// <summary>The arithmetic.</summary>
    public Option<string> Precision { get; } = CommonOptions.Arithmetic();

    /// <summary>What they say of an engine.</summary>
    public EngineOptions Options(ParseResult parsed) => new() { Precision = ComparedSide.PrecisionOf(parsed.GetRequiredValue(Precision))!.Value };

    /// <summary>Puts a network where they say.</summary>
    public Engine Make(Network network, ParseResult parsed) => network.On(parsed.GetValue(Device) ?? Layers.Device.Best, Options(parsed));
}
