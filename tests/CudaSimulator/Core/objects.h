// Handles: every object the simulator gives out is registered under its address with its kind, and stays
// registered, dead, until the reset. No address is ever used twice, over resets too, so that a stale handle is
// always known: a finalizer that comes late cannot end what another test has made.
#pragma once
#include <cstddef>
#include <cstdint>

namespace cusim {

struct Context;

enum class Kind {
    Context, Stream, Event, Module, Function, Graph, GraphExec, GraphNode, Pool,
    Blas, Dnn, Tensor, Filter, Convolution, Activation,
};

struct Object {
    Object(Kind kind, Context* context) : kind(kind), context(context) {}
    virtual ~Object() = default;
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
    static void* operator new(std::size_t bytes);
    static void operator delete(void*) {}

    const Kind kind;
    Context* context;   // where it was made; null for what belongs to none
    bool alive = true;
};

// Takes ownership until the reset and returns the same pointer: the handle.
Object* register_object(Object* object);

template <class T, class... Arguments>
T* create(Arguments&&... arguments) {
    return static_cast<T*>(register_object(new T(static_cast<Arguments&&>(arguments)...)));
}

// The live object of that kind behind a handle, or null: never reads what the handle points at unless it is ours.
Object* find_object(const void* handle, Kind kind);

template <class T>
T* find(const void* handle) { return static_cast<T*>(find_object(handle, T::kind_of)); }

// How many objects of the kind are alive.
long count_live(Kind kind);

}  // namespace cusim
