#pragma once
#include "device.h"

// A thread's elements of [planes][rows][columns], one item step after the other. Where they lie is kept by adding: divisions would be most of
// what a thread does for an element.
struct Walk
{
    i64 item, plane;
    int row, column;
    i64 itemStep, planeStep;
    int rowStep, columnStep, rows, columns;
};

DEVICE Walk walk(int rows, int columns)
{
    i64 first = first_item(), step = item_step();
    return {first, first / columns / rows, (int)(first / columns % rows), (int)(first % columns),
        step, step / columns / rows, (int)(step / columns % rows), (int)(step % columns), rows, columns};
}

DEVICE void step(Walk& at)
{
    at.item += at.itemStep;
    at.column += at.columnStep;
    bool nextRow = at.column >= at.columns;
    at.column -= nextRow ? at.columns : 0;
    at.row += at.rowStep + nextRow;
    bool nextPlane = at.row >= at.rows;
    at.row -= nextPlane ? at.rows : 0;
    at.plane += at.planeStep + nextPlane;
}
