using System.Runtime.InteropServices;
using Preimage.Tests.Shared;

namespace Preimage.Algorithms.Tests.Peers;

/// <summary>The VLFeat library itself, where it is installed (Debian: libvlfeat-dev).</summary>
internal static unsafe partial class VlFeat
{
    const string Library = "libvl.so";

    /// <summary>The UoCTTI variant.</summary>
    const int Uoctti = 1;

    /// <summary>Skips the test where the library is not.</summary>
    public static void Require()
    {
        if (!NativeLibrary.TryLoad(Library, out _))
            ReferenceData.Absent($"{Library} is not here (apt-get install libvlfeat-dev)");
    }

    /// <summary>HOG of planes of a picture: 31 planes of cells, of which the last four are texture.</summary>
    public static (float[] Values, int Rows, int Columns) Hog(float[] planes, int width, int height, int colours, int cell, bool bilinear)
    {
        nint hog = vl_hog_new(Uoctti, 9, 0);
        try
        {
            vl_hog_set_use_bilinear_orientation_assignments(hog, bilinear ? 1 : 0);
            fixed (float* image = planes)
                vl_hog_put_image(hog, image, (nuint)width, (nuint)height, (nuint)colours, (nuint)cell);
            int rows = (int)vl_hog_get_height(hog), columns = (int)vl_hog_get_width(hog);
            var values = new float[(int)vl_hog_get_dimension(hog) * rows * columns];
            fixed (float* features = values)
                vl_hog_extract(hog, features);
            return (values, rows, columns);
        }
        finally
        {
            vl_hog_delete(hog);
        }
    }

    /// <summary>Dense SIFT with a flat window, 128 numbers a descriptor, row by row; not yet scaled by 512.</summary>
    public static float[] DenseSift(float[] plane, int width, int height, int step, int cell)
    {
        Dsift* dsift = vl_dsift_new_basic(width, height, step, cell);
        try
        {
            // The setters are inline functions of the header.
            dsift->UseFlatWindow = 1;
            fixed (float* image = plane)
                vl_dsift_process(dsift, image);
            Assert.Equal(128, dsift->DescriptorSize);
            return new ReadOnlySpan<float>(dsift->Descriptors, dsift->Frames * 128).ToArray();
        }
        finally
        {
            vl_dsift_delete(dsift);
        }
    }

    [LibraryImport(Library)]
    private static partial nint vl_hog_new(int variant, nuint orientations, int transposed);

    [LibraryImport(Library)]
    private static partial void vl_hog_delete(nint hog);

    [LibraryImport(Library)]
    private static partial void vl_hog_set_use_bilinear_orientation_assignments(nint hog, int bilinear);

    [LibraryImport(Library)]
    private static partial void vl_hog_put_image(nint hog, float* image, nuint width, nuint height, nuint channels, nuint cell);

    [LibraryImport(Library)]
    private static partial void vl_hog_extract(nint hog, float* features);

    [LibraryImport(Library)]
    private static partial nuint vl_hog_get_height(nint hog);

    [LibraryImport(Library)]
    private static partial nuint vl_hog_get_width(nint hog);

    [LibraryImport(Library)]
    private static partial nuint vl_hog_get_dimension(nint hog);

    [LibraryImport(Library)]
    private static partial Dsift* vl_dsift_new_basic(int width, int height, int step, int binSize);

    [LibraryImport(Library)]
    private static partial void vl_dsift_process(Dsift* dsift, float* image);

    [LibraryImport(Library)]
    private static partial void vl_dsift_delete(Dsift* dsift);

    /// <summary>The leading fields of VlDsiftFilter (vl/dsift.h of 0.9.21).</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Dsift
    {
        public int Width, Height, StepX, StepY, MinX, MinY, MaxX, MaxY;
        public int BinsT, BinsX, BinsY, BinSizeX, BinSizeY;
        public int UseFlatWindow;
        public double WindowSize;
        public int Frames, DescriptorSize;
        public nint Keypoints;
        public float* Descriptors;
    }
}
