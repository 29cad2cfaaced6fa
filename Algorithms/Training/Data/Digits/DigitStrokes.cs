namespace Preimage.Algorithms.Training.Data.Digits;

/// <summary>How each digit is written: one or more ways, each of strokes, each stroke a smooth curve through its points (x to the right and y down, both 0 to 1).</summary>
/// <remarks>A corner is where one stroke ends and the next begins.</remarks>
internal static class DigitStrokes
{
    static readonly string[][] s_ways =
    [
        [
            ".50 0  .15 .14  0 .50  .15 .86  .50 1  .85 .86  1 .50  .85 .14  .50 0",
            ".72 .03  .34 .05  .04 .36  .08 .80  .45 1  .86 .84  1 .45  .82 .10  .52 .02",
        ],
        [
            ".50 0  .50 .5  .50 1",
            ".58 0  .52 .5  .44 1",
            ".28 .22  .42 .12  .54 0 | .54 0  .54 .5  .54 1",
            ".30 .20  .55 0 | .55 0  .53 1 | .28 1  .53 .99  .80 1",
        ],
        [
            ".06 .26  .20 .06  .55 0  .90 .18  .82 .44  .44 .74  .02 .98 | .02 .98  .48 .97  1 .96",
            ".04 .20  .30 0  .74 .04  .86 .32  .58 .68  .20 .94  .02 .84  .20 .76  .52 .92  1 .98",
        ],
        [
            ".06 .12  .44 0  .88 .16  .76 .40  .36 .48 | .36 .48  .80 .54  .98 .76  .62 .99  .02 .90",
            ".04 .03  .50 .02  .90 .03 | .90 .03  .66 .22  .42 .42 | .42 .42  .84 .50  .94 .78  .56 1  .02 .90",
        ],
        [
            ".24 .02  .14 .34  .06 .60 | .06 .60  .50 .58  1 .56 | .76 .04  .72 .50  .66 1",
            ".70 0  .36 .34  0 .66 | 0 .66  .50 .66  1 .65 | .70 0  .70 .5  .70 1",
            ".16 .02  .10 .46  .40 .54  .80 .46 | .84 0  .80 .46  .74 1",
        ],
        [
            ".92 .01  .56 .02  .20 .03 | .20 .03  .16 .22  .12 .45 | .12 .45  .52 .36  .92 .56  .80 .90  .40 1  .02 .88",
            ".24 .02  .20 .24  .16 .44 | .16 .44  .60 .38  .90 .64  .64 .96  .04 .96 | .24 .02  .60 .03  .98 0",
        ],
        [
            ".76 0  .36 .20  .08 .60  .20 .94  .56 1  .88 .80  .72 .54  .36 .56  .10 .74",
            ".52 0  .22 .30  .06 .70  .26 .98  .66 .98  .90 .74  .62 .54  .12 .70",
        ],
        [
            "0 .05  .50 .03  .98 .01 | .98 .01  .62 .46  .36 1",
            ".02 .06  .50 .03  1 .02 | 1 .02  .66 .44  .48 1 | .26 .52  .54 .50  .86 .48",
            ".02 .20  .06 .05  .52 .04  .96 .01 | .96 .01  .70 .48  .58 1",
        ],
        [
            ".82 .14  .50 0  .16 .12  .24 .36  .56 .52  .88 .76  .64 .99  .28 .97  .10 .76  .42 .50  .78 .32  .82 .14",
            ".52 .47  .16 .28  .28 .03  .66 .02  .84 .24  .52 .47 | .52 .47  .10 .68  .22 .97  .70 .98  .90 .72  .52 .47",
        ],
        [
            ".88 .18  .54 0  .14 .18  .16 .46  .50 .54  .82 .34  .88 .18 | .88 .18  .86 .60  .74 1",
            ".84 .10  .40 .02  .08 .28  .32 .54  .70 .42  .84 .10 | .84 .10  .90 .52  .74 .90  .24 .98",
        ],
    ];

    static readonly double[][][][] s_curves = Array.ConvertAll(s_ways, ways => Array.ConvertAll(ways, Parse));

    /// <summary>How many ways there are to write a digit.</summary>
    public static int Ways(int digit) => s_curves[digit].Length;

    /// <summary>The points of each stroke, x and y in turn.</summary>
    public static double[][] Of(int digit, int way) => s_curves[digit][way];

    static double[][] Parse(string way) =>
    [
        .. way.Split('|').Select(stroke => stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse).ToArray()),
    ];
}
