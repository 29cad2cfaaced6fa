namespace Preimage.Algorithms.Imaging.Rendering;

/// <summary>Marks parts of pictures.</summary>
internal static class MarkedBox
{
    static readonly Colour s_mark = new(230, 20, 20);

    /// <summary>The picture with a red frame around a box; parts of the box that lie outside the picture are left out.</summary>
    public static Picture Draw(Picture picture, int left, int top, int width, int height, int thickness = 2)
    {
        var canvas = new Canvas(picture.Width, picture.Height, Colour.White);
        canvas.Draw(picture, 0, 0);
        canvas.Frame(left, top, width, height, thickness, s_mark);
        return canvas.ToPicture();
    }
}
