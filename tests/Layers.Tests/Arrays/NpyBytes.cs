using System.Text;

namespace Preimage.Layers.Tests.Arrays;

/// <summary>Hand-made .npy files.</summary>
internal static class NpyBytes
{
    public static byte[] Make(string header, byte[] payload, int version = 1)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        byte[] length = version == 1
            ? [(byte)text.Length, (byte)(text.Length >> 8)]
            : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. payload];
    }

    public static byte[] Make(string descr, string shape, byte[] payload, bool fortran = false, int version = 1) =>
        Make($"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': {shape}, }}", payload, version);
}
