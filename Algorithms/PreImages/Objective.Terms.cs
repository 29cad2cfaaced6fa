using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.PreImages.Terms;
using Preimage.Layers;

namespace Preimage.Algorithms.PreImages;

public abstract partial record Objective
{
    internal sealed record MatchObjective(string NodeName, float[] Values, FeatureMask? Mask) : Objective
    {
        internal override Node NodeIn(Network network) => network.Nodes[NodeName];

        internal override ReadOnlySpan<float> Data => Mask is null ? Values : [.. Values, .. Mask.Data];

        internal override ITerm Compile(TermPlace place, double weight) => new MatchTerm(place, weight, Values, Mask);

        public override string ToString() => $"match of {NodeName}{(Mask is null ? "" : $" in {Mask}")}";
    }

    internal sealed record InnerObjective(string NodeName, float[] Weights, string Name) : Objective
    {
        internal override Node NodeIn(Network network) => network.Nodes[NodeName];

        internal override ReadOnlySpan<float> Data => Weights;

        internal override ITerm Compile(TermPlace place, double weight) => new InnerTerm(place, weight, Weights, Name);

        public override string ToString() => Name;
    }

    sealed record UnitObjective(string? NodeName, int Index) : Objective
    {
        internal override Node NodeIn(Network network) => NodeName is null ? Logits.Of(network, out _) : network.Nodes[NodeName];

        internal override ITerm Compile(TermPlace place, double weight)
        {
            var weights = new float[place.Shape.SampleCount];
            if ((uint)Index >= (uint)weights.Length)
                throw new PreimageException($"'{this}' does not exist: node '{place.Name}' has units 0 to {weights.Length - 1}");
            weights[Index] = 1;
            return new InnerTerm(place, weight, weights, ToString());
        }

        public override string ToString() => NodeName is null ? $"class {Index}" : $"unit {Index} of {NodeName}";
    }

    sealed record PositionObjective(string NodeName, int Map, int Y, int X) : Objective
    {
        internal override Node NodeIn(Network network) => network.Nodes[NodeName];

        internal override ITerm Compile(TermPlace place, double weight)
        {
            Shape shape = place.Shape;
            if ((uint)Map >= (uint)shape.C || (uint)Y >= (uint)shape.H || (uint)X >= (uint)shape.W)
                throw new PreimageException($"'{this}' does not exist: node '{place.Name}' has {shape.C} channels of {shape.H}x{shape.W} units");
            var weights = new float[shape.SampleCount];
            weights[(Map * shape.H + Y) * shape.W + X] = 1;
            return new InnerTerm(place, weight, weights, ToString());
        }

        public override string ToString() => $"unit ({Map}, {Y}, {X}) of {NodeName}";
    }

    sealed record ChannelsObjective(string NodeName, (int Channel, double Weight)[] Maps) : Objective
    {
        internal override Node NodeIn(Network network) => network.Nodes[NodeName];

        internal override ITerm Compile(TermPlace place, double weight)
        {
            Shape shape = place.Shape;
            int plane = shape.H * shape.W;
            var weights = new float[shape.SampleCount];
            foreach ((int channel, double part) in Maps)
            {
                if ((uint)channel >= (uint)shape.C)
                    throw new PreimageException($"'{this}' does not exist: node '{place.Name}' has channels 0 to {shape.C - 1}");
                weights.AsSpan(channel * plane, plane).Fill((float)(part / plane));
            }

            return new InnerTerm(place, weight, weights, ToString());
        }

        public override string ToString() => Maps is [(var channel, 1)]
            ? $"channel {channel} of {NodeName}"
            : $"channels {string.Join(" + ", Maps.Select(c => $"{Number(c.Weight)} * {c.Channel}"))} of {NodeName}";
    }

    sealed record SquareObjective(string? NodeName) : Objective
    {
        internal override Node? NodeIn(Network network) => NodeName is null ? null : network.Nodes[NodeName];

        internal override ITerm Compile(TermPlace place, double weight) => new SquareTerm(place, weight, ToString());

        public override string ToString() => $"mean square of {NodeName ?? "the image"}";
    }

    sealed record StyleObjective(string NodeName, float[] Values, int ChannelCount) : Objective
    {
        internal override Node NodeIn(Network network) => network.Nodes[NodeName];

        internal override ReadOnlySpan<float> Data => Values;

        internal override ITerm Compile(TermPlace place, double weight) => new StyleTerm(place, weight, Values, ChannelCount);

        public override string ToString() => $"style at {NodeName}";
    }

    sealed record DiversityObjective(string NodeName) : Objective
    {
        internal override Node NodeIn(Network network) => network.Nodes[NodeName];

        internal override ITerm Compile(TermPlace place, double weight) => new DiversityTerm(place, weight);

        public override string ToString() => $"diversity at {NodeName}";
    }
}
