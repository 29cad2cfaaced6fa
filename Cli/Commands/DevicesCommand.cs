using System.CommandLine;
using System.Text.Json;
using Preimage.Cli.Documents;
using Preimage.Cli.Output;
using Preimage.Layers;

namespace Preimage.Cli.Commands;

/// <summary><c>preimage devices</c>: what there is to run on.</summary>
internal static class DevicesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json(DevicesDocument.Form);
        var command = new Command("devices", "List the devices there are, and the libraries GPUs need with where they are or were looked for.") { json };
        command.SetAction(parsed =>
        {
            DevicesDocument document = Describe();
            if (parsed.GetValue(json))
                Console.Out.WriteLine(JsonSerializer.Serialize(document, DocumentContext.Default.DevicesDocument));
            else
                Print(document);
            return ExitCode.Ok;
        });
        return command;
    }

    static DevicesDocument Describe()
    {
        IReadOnlyList<Gpu> gpus = Gpu.All;
        return new DevicesDocument(
            new ProcessorDocument($"{Device.Cpu}", Processor.Name, Processor.Threads, Processor.InstructionSet, Processor.InstructionSets),
            [.. gpus.Select(g => new GpuDocument($"{g.Device}", g.Name, $"{g.ComputeCapability}", g.Memory, g.PciBusId, $"{g.Uuid}"))],
            gpus.Count > 0 ? null : Trouble(), LibraryDocument.Of(Gpu.Libraries), [.. Gpu.MissingLibraries.Select(m => new MissingDocument(m.Name, m.Tried))]);
    }

    /// <summary>Why there is no GPU, in the words of whoever asks for one.</summary>
    static string? Trouble()
    {
        try
        {
            _ = Gpu.Of(Device.Cuda(0));
            return null;
        }
        catch (DeviceException e)
        {
            return e.Message;
        }
    }

    static void Print(DevicesDocument document)
    {
        ProcessorDocument cpu = document.Cpu;
        var processors = new Table("device", "name", "threads ", "instruction set");
        processors.Add(cpu.Device, cpu.Name, $"{cpu.Threads}", $"{cpu.InstructionSet} (of {string.Join(", ", cpu.InstructionSets)})");
        processors.Write();
        Console.Out.WriteLine();
        if (document.Gpus.Count > 0)
        {
            var gpus = new Table("device", "name", "compute ", "memory ", "PCI", "UUID");
            foreach (GpuDocument gpu in document.Gpus)
                gpus.Add(gpu.Device, gpu.Name, gpu.ComputeCapability, $"{gpu.Memory >> 20} MiB", gpu.Pci, gpu.Uuid);
            gpus.Write();
            Console.Out.WriteLine();
        }

        foreach (LibraryDocument library in document.Libraries)
            Facts.Write(library.Name, $"{library.Version}, {library.Path}");
        foreach (MissingDocument missing in document.Missing)
        {
            Facts.Write(missing.Name, "not found; tried:");
            foreach (string place in missing.Tried)
                Facts.Write("", place);
        }

        if (Gpu.IsSimulated)
            Facts.Note(EngineFacts.SimulatorNote);
        if (document.Trouble is not null)
            Facts.Note(document.Missing.Count > 0 ? "there is no GPU to run on: NVIDIA's driver, cuBLAS and cuDNN 9 are needed; PREIMAGE_CUDA may list their folders or files" : document.Trouble);
        else if (document.Missing.Count > 0)
            Facts.Note("the GPU cannot be used without these; PREIMAGE_CUDA may list their folders or files");
    }
}
