using System.Security.Cryptography;

namespace Preimage.Layers.Weights;

/// <summary>A model file and the files beside it that hold its weights, kept as long as anybody may read them.</summary>
internal sealed class MappedStorage(MappedFile model) : WeightStorage
{
    readonly List<MappedFile> _files = [model];
    readonly Lock _hashing = new();
    string? _hash;

    /// <summary>SHA-256 of the model file, followed by the files of its weights in the order they were met.</summary>
    public override string Hash
    {
        get
        {
            lock (_hashing)
                return _hash ??= ComputeHash();
        }
    }

    /// <summary>Adds a file of weights; it is freed with the rest.</summary>
    public void Add(MappedFile file) => _files.Add(file);

    protected override void Free()
    {
        foreach (MappedFile file in _files)
            file.Dispose();
    }

    string ComputeHash()
    {
        Retain();
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (MappedFile file in _files)
                file.AppendTo(hash);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            Release();
        }
    }
}
