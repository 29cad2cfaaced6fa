namespace Preimage.Algorithms.Training.Data.Faces;

/// <summary>What an expression does to a face, in the face's units; everything 0 and <see cref="Eyes"/> 1 at rest.</summary>
/// <remarks>After the action units that the Radboud faces were directed by (Langner et al. 2010, Table 1; Ekman, Friesen and Hager, "Facial Action Coding System").</remarks>
internal sealed record FaceLook
{
    /// <summary>How far the brows are raised at their inner ends.</summary>
    public double BrowInner { get; init; }

    /// <summary>How far at their outer ends.</summary>
    public double BrowOuter { get; init; }

    /// <summary>How far they are drawn together.</summary>
    public double BrowPinch { get; init; }

    /// <summary>How far the upper lids are open.</summary>
    public double Eyes { get; init; } = 1;

    /// <summary>How far the lower lids and the cheeks are raised.</summary>
    public double Cheeks { get; init; }

    /// <summary>How much the nose is wrinkled.</summary>
    public double Wrinkle { get; init; }

    /// <summary>How far the corners of the mouth are raised.</summary>
    public double Corners { get; init; }

    /// <summary>How much more one of them is.</summary>
    public double OneCorner { get; init; }

    /// <summary>How much wider the mouth is.</summary>
    public double Wide { get; init; }

    /// <summary>How far the upper lip is raised off the teeth.</summary>
    public double LipUp { get; init; }

    /// <summary>How far the lower lip is lowered.</summary>
    public double LipDown { get; init; }

    /// <summary>How much of the lips is pressed away.</summary>
    public double Pressed { get; init; }

    /// <summary>How far the jaw has dropped.</summary>
    public double Jaw { get; init; }

    /// <summary>The look of an emotion.</summary>
    /// <param name="emotion">Which.</param>
    /// <param name="strength">1 as in a textbook, 0 at rest.</param>
    public static FaceLook Of(FaceEmotion emotion, double strength) => new FaceLook().Towards(emotion switch
    {
        FaceEmotion.Angry => new() { BrowInner = -0.12, BrowOuter = 0.02, BrowPinch = 0.06, Eyes = 0.86, Cheeks = 0.018, Corners = -0.03, Wide = -0.03, Pressed = 0.65, Wrinkle = 0.15 },
        FaceEmotion.Contemptuous => new() { BrowOuter = 0.01, Eyes = 0.85, Corners = 0.005, OneCorner = 0.14, Wide = 0.02, Pressed = 0.3 },
        FaceEmotion.Disgusted => new() { BrowInner = -0.085, BrowOuter = -0.04, BrowPinch = 0.03, Eyes = 0.62, Cheeks = 0.04, Wrinkle = 1, Corners = -0.04, LipUp = 0.075, LipDown = 0.02 },
        FaceEmotion.Fearful => new() { BrowInner = 0.11, BrowOuter = 0.04, BrowPinch = 0.035, Eyes = 1.38, Corners = -0.035, Wide = 0.06, LipUp = 0.03, LipDown = 0.085, Jaw = 0.03 },
        FaceEmotion.Happy => new() { BrowOuter = 0.015, Eyes = 0.82, Cheeks = 0.045, Corners = 0.12, Wide = 0.085, LipUp = 0.035, LipDown = 0.075 },
        FaceEmotion.Sad => new() { BrowInner = 0.075, BrowOuter = -0.03, BrowPinch = 0.03, Eyes = 0.80, Corners = -0.065, Wide = -0.015, Pressed = 0.1 },
        FaceEmotion.Surprised => new() { BrowInner = 0.13, BrowOuter = 0.13, Eyes = 1.45, Wide = -0.065, LipUp = 0.055, LipDown = 0.19, Jaw = 0.10 },
        _ => new(),
    }, strength);

    /// <summary>Part of the way to another look.</summary>
    public FaceLook Towards(FaceLook other, double part)
    {
        return new FaceLook
        {
            BrowInner = Mix(BrowInner, other.BrowInner), BrowOuter = Mix(BrowOuter, other.BrowOuter), BrowPinch = Mix(BrowPinch, other.BrowPinch),
            Eyes = Mix(Eyes, other.Eyes), Cheeks = Mix(Cheeks, other.Cheeks), Wrinkle = Mix(Wrinkle, other.Wrinkle), Corners = Mix(Corners, other.Corners),
            OneCorner = Mix(OneCorner, other.OneCorner), Wide = Mix(Wide, other.Wide), LipUp = Mix(LipUp, other.LipUp), LipDown = Mix(LipDown, other.LipDown),
            Pressed = Mix(Pressed, other.Pressed), Jaw = Mix(Jaw, other.Jaw),
        };

        double Mix(double from, double to) => from + (to - from) * part;
    }
}
