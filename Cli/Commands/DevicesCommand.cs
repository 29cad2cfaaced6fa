using System.CommandLine;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage devices</c>: what there is to run on.</summary>
internal static class DevicesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command("devices", "List the devices there are.");
        command.SetAction(_ =>
        {
            var table = new Table("device", "name", "threads ", "instruction set");
            table.Add($"{Device.Cpu}", Processor.Name, $"{Processor.Threads}", $"{Processor.InstructionSet} (of {string.Join(", ", Processor.InstructionSets)})");
            table.Write();
            Facts.Note("CUDA devices are not supported by this version; --device cuda is refused.");
            return ExitCode.Ok;
        });
        return command;
    }
}
