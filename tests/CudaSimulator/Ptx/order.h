// In which order parts of a warp that went different ways are to run, so that they meet again where their ways do.
#pragma once
#include "Ptx/program.h"

namespace cusim::ptx {

// Gives each instruction its place in an order in which every way forward goes up, and a loop stands whole before what comes after it. A
// warp that always runs its lowest threads then meets again after each branch, as a device lets it, wherever the text put the pieces.
void put_in_order(std::vector<Instruction>& code);

}  // namespace cusim::ptx
