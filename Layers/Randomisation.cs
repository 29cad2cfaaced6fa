namespace Preimage.Layers;

/// <summary>Which layers of a network lose what they learnt (Nie, Zhang and Patel 2018, section 4, "partially trained"; Adebayo et al. 2018, section 3).</summary>
/// <remarks>Layers are counted from 0 in the order of <see cref="Network.WeightLayers"/>.</remarks>
public abstract record Randomisation
{
    private protected Randomisation() { }

    /// <summary>Every layer is random.</summary>
    public static Randomisation All { get; } = new Everything();

    /// <summary>Layers 0 to <paramref name="layer"/> keep their weights, those after it are random (the paper's star).</summary>
    public static Randomisation Part(int layer) => new UpTo(layer);

    /// <summary>All layers keep their weights but this one (the paper's diamond; Adebayo's independent randomisation).</summary>
    public static Randomisation Only(int layer) => new Single(layer);

    /// <summary>Layers after <paramref name="layer"/> keep their weights, 0 to <paramref name="layer"/> are random.</summary>
    public static Randomisation Reverse(int layer) => new Beyond(layer);

    /// <summary>The layer it was made with, or null where it needs none.</summary>
    internal abstract int? Layer { get; }

    /// <summary>Whether the layer at a place is random.</summary>
    internal abstract bool Includes(int layer);

    sealed record Everything : Randomisation
    {
        internal override int? Layer => null;

        internal override bool Includes(int layer) => true;

        public override string ToString() => "all";
    }

    sealed record UpTo(int Last) : Randomisation
    {
        internal override int? Layer => Last;

        internal override bool Includes(int layer) => layer > Last;

        public override string ToString() => $"part({Last})";
    }

    sealed record Single(int Place) : Randomisation
    {
        internal override int? Layer => Place;

        internal override bool Includes(int layer) => layer == Place;

        public override string ToString() => $"only({Place})";
    }

    sealed record Beyond(int Last) : Randomisation
    {
        internal override int? Layer => Last;

        internal override bool Includes(int layer) => layer <= Last;

        public override string ToString() => $"reverse({Last})";
    }
}
