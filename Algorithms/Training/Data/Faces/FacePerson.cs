using Preimage.Algorithms.Training.Data.Drawing;

namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>What a drawn person looks like: shape factors around 1, lengths in the face's units, colours.</summary>
internal sealed record FacePerson
{
    const int Siblings = 7;
    const ulong Streams = 1UL << 41;

    static readonly int[] s_skins = [0xF6D9C3, 0xF2CDB0, 0xE9BE9C, 0xDDAA84, 0xC98F66, 0xA9714B, 0x85553A, 0x694230];
    static readonly int[] s_hairs = [0x1E1A18, 0x33241C, 0x4E3322, 0x6E4A2C, 0x94683A, 0xC09A5C, 0xDDC08A, 0x9A4A28, 0x8C8A88];
    static readonly int[] s_irises = [0x4A2E1A, 0x6B4423, 0x7A6A32, 0x4C7A52, 0x4679A8, 0x6E8CA0];

    public bool Female { get; init; }
    public double Width { get; init; }
    public double Cheek { get; init; }
    public double JawWidth { get; init; }
    public double Chin { get; init; }
    public double Brow { get; init; }
    public double BrowWeight { get; init; }
    public double BrowArch { get; init; }
    public double EyeHeight { get; init; }
    public double EyeApart { get; init; }
    public double EyeWidth { get; init; }
    public double EyeOpen { get; init; }
    public double EyeTilt { get; init; }
    public double NoseLength { get; init; }
    public double NoseWidth { get; init; }
    public double NoseLift { get; init; }
    public double MouthHeight { get; init; }
    public double MouthWidth { get; init; }
    public double LipUpper { get; init; }
    public double LipLower { get; init; }
    public double MouthRest { get; init; }
    public double Ears { get; init; }
    public double Hairline { get; init; }
    public double HairVolume { get; init; }
    public HairStyle Hair { get; init; }
    public int PartSide { get; init; }
    public BeardStyle Beard { get; init; }
    public bool Glasses { get; init; }
    public double GlassesRound { get; init; }
    public bool Freckles { get; init; }
    public Spot? Mole { get; init; }
    public double Expressive { get; init; }
    public Tint Skin { get; init; }
    public Tint HairTint { get; init; }
    public Tint Iris { get; init; }
    public Tint Lip { get; init; }
    public Tint Frame { get; init; }

    /// <summary>Draws a person.</summary>
    /// <param name="subject">The number, from 1; every seventh is the sibling of the one before and looks like it.</param>
    /// <param name="seed">The seed of all persons.</param>
    public static FacePerson Of(int subject, ulong seed)
    {
        FacePerson own = Draw(new SampleRandom(seed, Streams + (ulong)subject));
        return subject % Siblings == 0 ? Draw(new SampleRandom(seed, Streams + (ulong)subject - 1)).Resembling(own) : own;
    }

    static FacePerson Draw(SampleRandom random)
    {
        bool female = random.Chance(0.47);
        int tone = random.Below(s_skins.Length);
        Tint skin = Tint.Of(s_skins[tone]).Times(random.Between(0.96, 1.03));
        // Dark skin mostly goes with dark hair and eyes.
        Tint hair = Tint.Of(s_hairs[random.Below(tone < 4 ? s_hairs.Length : 4)]);
        Tint iris = Tint.Of(s_irises[random.Below(tone < 4 ? s_irises.Length : 2)]);
        return new FacePerson
        {
            Female = female,
            Width = Bell(1, 0.045), Cheek = Bell(1, 0.035), JawWidth = Bell(female ? 0.93 : 1.04, 0.055), Chin = Bell(female ? 0.9 : 1.1, 0.13),
            Brow = Bell(female ? -0.205 : -0.185, 0.016), BrowWeight = Bell(female ? 0.044 : 0.064, 0.012), BrowArch = Bell(female ? 0.05 : 0.03, 0.015),
            EyeHeight = Bell(0, 0.02), EyeApart = Bell(0.292, 0.02), EyeWidth = Bell(female ? 0.142 : 0.134, 0.009), EyeOpen = Bell(female ? 0.067 : 0.059, 0.007), EyeTilt = Bell(0.012, 0.014),
            NoseLength = Bell(0.33, 0.028), NoseWidth = Bell(female ? 0.105 : 0.122, 0.014), NoseLift = Bell(0.2, 0.035),
            MouthHeight = Bell(0.60, 0.018), MouthWidth = Bell(0.235, 0.02), LipUpper = Bell(female ? 0.046 : 0.034, 0.010), LipLower = Bell(female ? 0.062 : 0.048, 0.012), MouthRest = Bell(0.004, 0.012),
            Ears = Bell(1, 0.14), Hairline = Bell(-0.60, 0.05), HairVolume = random.Between(0.05, 0.11),
            Hair = female
                ? Pick(HairStyle.Long, HairStyle.Long, HairStyle.Bob, HairStyle.Bun, HairStyle.Fringe, HairStyle.Curly, HairStyle.Bob)
                : Pick(HairStyle.Short, HairStyle.Short, HairStyle.Parted, HairStyle.Parted, HairStyle.Shaved, HairStyle.Curly, HairStyle.Fringe),
            PartSide = random.Chance(0.5) ? 1 : -1,
            Beard = female ? BeardStyle.None : Pick(BeardStyle.None, BeardStyle.None, BeardStyle.None, BeardStyle.Stubble, BeardStyle.Stubble, BeardStyle.Moustache, BeardStyle.Goatee, BeardStyle.Full),
            Glasses = random.Chance(0.16), GlassesRound = random.Between(0.3, 1), Freckles = tone < 3 && random.Chance(0.25),
            Mole = random.Chance(0.2) ? new Spot(random.Between(-0.45, 0.45), random.Between(0.2, 0.8)) : null,
            Expressive = random.Between(0.72, 1.08),
            Skin = skin, HairTint = hair, Iris = iris,
            Lip = skin.To(Tint.Of(female ? 0xC0404C : 0xA85550), female ? random.Between(0.35, 0.7) : random.Between(0.22, 0.4)),
            Frame = Tint.Of(random.Chance(0.6) ? 0x26262A : 0x6A4A30),
        };

        double Bell(double mean, double deviation) => mean + deviation * random.Bell();

        T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Below(choices.Length)];
    }

    /// <summary>This person with half of what sets another one apart in shape, and that one's eyes and marks: alike, as brothers are, but not the same.</summary>
    FacePerson Resembling(FacePerson other)
    {
        return this with
        {
            Width = Mix(Width, other.Width), Cheek = Mix(Cheek, other.Cheek), JawWidth = Mix(JawWidth, other.JawWidth), Chin = Mix(Chin, other.Chin),
            Brow = Mix(Brow, other.Brow), BrowWeight = Mix(BrowWeight, other.BrowWeight), EyeApart = Mix(EyeApart, other.EyeApart), EyeWidth = Mix(EyeWidth, other.EyeWidth),
            EyeOpen = Mix(EyeOpen, other.EyeOpen), EyeTilt = Mix(EyeTilt, other.EyeTilt), NoseLength = Mix(NoseLength, other.NoseLength), NoseWidth = Mix(NoseWidth, other.NoseWidth),
            MouthHeight = Mix(MouthHeight, other.MouthHeight), MouthWidth = Mix(MouthWidth, other.MouthWidth), Hairline = Mix(Hairline, other.Hairline), Mole = other.Mole,
            Iris = other.Iris, Freckles = other.Freckles,
            Expressive = other.Expressive,
        };

        static double Mix(double own, double other) => own + 0.5 * (other - own);
    }
}
