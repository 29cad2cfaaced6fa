namespace Preimage.Layers.Import.Caffe;

/// <summary>What a field of a Caffe message holds.</summary>
internal enum CaffeContent : byte
{
    /// <summary>A whole number, or the name of one where the field lists names.</summary>
    Integer,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>A float.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A message.</summary>
    Message,

    /// <summary>Weights as floats, left where they are.</summary>
    Singles,

    /// <summary>Weights as doubles, left where they are.</summary>
    Doubles,

    /// <summary>Something that changes nothing: which library Caffe would compute with.</summary>
    Unused,
}

/// <summary>One field of a message of Caffe's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">Its number.</param>
/// <param name="Content">What it holds.</param>
/// <param name="Message">The kind of the message, where it holds one.</param>
/// <param name="Names">The names of its numbers from 0 on, where they have some.</param>
internal sealed record CaffeField(string Name, uint Number, CaffeContent Content, string? Message, string[]? Names);
