#include "Core/state.h"
#include <sys/syscall.h>
#include <unistd.h>

namespace cusim {

State& state() {
    static State* const instance = new State;
    return *instance;
}

unsigned long thread_number() {
    static thread_local const unsigned long number = static_cast<unsigned long>(syscall(SYS_gettid));
    return number;
}

void note(std::string text) {
    if (state().notes.size() < 1000) { state().notes.push_back(std::move(text)); }
}

// From pieces that are never given back.
void* Object::operator new(std::size_t bytes) {
    constexpr std::size_t Piece = 1 << 20, Step = alignof(std::max_align_t);
    static std::vector<char*>* const pieces = new std::vector<char*>;
    static std::size_t used = Piece;
    const std::size_t whole = (bytes + Step - 1) / Step * Step;
    if (used + whole > Piece) {
        pieces->push_back(static_cast<char*>(::operator new(Piece)));
        used = 0;
    }
    void* const place = pieces->back() + used;
    used += whole;
    return place;
}

Object* register_object(Object* object) {
    state().objects[object].reset(object);
    return object;
}

Object* find_object(const void* handle, Kind kind) {
    auto& objects = state().objects;
    const auto found = objects.find(handle);
    if (found == objects.end()) { return nullptr; }
    Object* const object = found->second.get();
    return object->alive && object->kind == kind ? object : nullptr;
}

long count_live(Kind kind) {
    long count = 0;
    for (const auto& [address, object] : state().objects) { count += object->alive && object->kind == kind; }
    return count;
}

}  // namespace cusim
