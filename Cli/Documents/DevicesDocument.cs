namespace Preimage.Cli.Documents;

/// <summary>What <c>devices --json</c> prints.</summary>
internal sealed record DevicesDocument(
    ProcessorDocument Cpu, IReadOnlyList<GpuDocument> Gpus, string? Trouble, IReadOnlyList<LibraryDocument> Libraries, IReadOnlyList<MissingDocument> Missing)
{
    /// <summary>The keys, for the help text.</summary>
    public const string Form =
        "{cpu{device,name,threads,instructionSet,instructionSets[]}, gpus[{device,name,computeCapability,memory,pci,uuid}], trouble|null, " +
        LibraryDocument.Form + ", missing[{name,tried[]}]}; memory in bytes, trouble is why there is no GPU.";
}

/// <summary>The processor.</summary>
internal sealed record ProcessorDocument(string Device, string Name, int Threads, string InstructionSet, IReadOnlyList<string> InstructionSets);

/// <summary>A GPU.</summary>
internal sealed record GpuDocument(string Device, string Name, string ComputeCapability, long Memory, string Pci, string Uuid);

/// <summary>A library that is not here, and where it was looked for.</summary>
internal sealed record MissingDocument(string Name, IReadOnlyList<string> Tried);
