// Runs every test whose name contains the argument (all without one); the exit status says whether all passed.
#include <cstring>
#include "selftest/check.h"
#include "control.h"

namespace {
Test* first = nullptr;
int failures = 0;
}

Test::Test(const char* name, void (*run)()) : name(name), run(run), next(first) { first = this; }

void fail(const char* file, int line, const char* what, double got, double expected) {
    failures++;
    std::printf("  %s:%d: %s is %.9g, expected %.9g\n", file, line, what, got, expected);
}

int main(int count, char** arguments) {
    int run = 0, failed = 0;
    for (const Test* test = first; test; test = test->next) {
        if (count > 1 && !std::strstr(test->name, arguments[1])) { continue; }
        cusim_reset();
        const int before = failures;
        test->run();
        run++;
        if (failures != before) {
            failed++;
            std::printf("FAILED %s\n", test->name);
        }
    }
    cusim_reset();
    std::printf("%d tests, %d failed\n", run, failed);
    return failed || run == 0;
}
