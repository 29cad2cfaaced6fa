using System.Text;
using Preimage.Layers.Weights;

namespace Preimage.Layers.Import.Caffe;

/// <summary>Caffe's files: the weights of a network with its training structure (.caffemodel), and its structure as text (.prototxt).</summary>
internal sealed class CaffeFormat : ModelFormat
{
    /// <summary>A structure is text that people write: far below this.</summary>
    const int MaxText = 1 << 26;

    public override string Name => "Caffe";

    private protected override bool Recognises(MappedFile file) => IsText(file) || CaffeWire.Recognises(file);

    private protected override Network Read(MappedFile file, MappedStorage storage, string? path, LoadOptions options)
    {
        if (IsText(file))
        {
            CaffeMessage text = ReadText(file);
            return new CaffeImporter(text, null, true, options).Read(storage, path);
        }

        CaffeMessage model = new CaffeWire(file).Read();
        var weights = new CaffeWeights(model, file, storage);
        if (StructureFile.Find(path, options.Structure) is not { } structure)
            return new CaffeImporter(model, weights, false, options).Read(storage, path);
        MappedFile beside = MappedFile.Open(structure, options.Copy);
        // Kept with the weights: the hash of the network covers its structure, too.
        storage.Add(beside);
        try
        {
            // A structure may be stored as binary as well, as Caffe's tools for upgrading do.
            CaffeMessage net = IsText(beside) ? ReadText(beside) : new CaffeWire(beside).Read();
            return new CaffeImporter(net, weights, true, options).Read(storage, path);
        }
        catch (ModelException e) when (e.Node is null)
        {
            throw new ModelException($"by its structure '{structure}': {e.Message}", e);
        }
    }

    /// <summary>Whether a file starts with a comment, or with a word that a colon or a brace follows.</summary>
    static unsafe bool IsText(MappedFile file)
    {
        var head = new ReadOnlySpan<byte>(file.Address, (int)Math.Min(file.Length, 4096));
        if (head.Contains((byte)0))
            return false;
        string start = Encoding.UTF8.GetString(head).TrimStart('\uFEFF').TrimStart();
        if (start.StartsWith('#'))
            return true;
        int word = 0;
        while (word < start.Length && (char.IsAsciiLetterOrDigit(start[word]) || start[word] == '_'))
            word++;
        return word > 0 && start.AsSpan(word).TrimStart() is [':' or '{' or '<', ..];
    }

    static unsafe CaffeMessage ReadText(MappedFile file) => file.Length <= MaxText
        ? Prototxt.Read(Encoding.UTF8.GetString(file.Address, (int)file.Length).TrimStart('\uFEFF'))
        : throw new ModelException($"the network's structure has {file.Length} bytes: texts of at most {MaxText} are supported");
}
