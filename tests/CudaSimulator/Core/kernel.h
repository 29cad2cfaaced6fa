// Modules and their functions.
#pragma once
#include <memory>
#include "Core/memory.h"
#include "Core/ptx.h"
#include "kernels.h"

namespace cusim {

namespace ptx { struct Program; }

struct Function;

struct Module : Object {
    static constexpr Kind kind_of = Kind::Module;
    explicit Module(Context* context) : Object(Kind::Module, context) {}
    PtxText text;
    std::string source;
    std::shared_ptr<const ptx::Program> program;                         // once it ran, or was to run, from its PTX
    std::map<std::string, Function*> functions;                          // those asked for
    std::map<std::string, std::pair<Address, std::size_t>> globals;
};

struct Function : Object {
    static constexpr Kind kind_of = Kind::Function;
    Function(Module* module, const PtxEntry& entry, const KernelEntry* kernel)
        : Object(Kind::Function, module->context), module(module), entry(entry), kernel(kernel) {}
    Module* const module;
    const PtxEntry entry;
    const KernelEntry* const kernel;                                     // null where only the PTX can run
    int maxDynamicShared;
};

// The host build's kernel, one registered by a test before it; null when there is none.
const KernelEntry* host_kernel(const std::string& name);

}  // namespace cusim
