#include "test.h"
#include <cstdio>
#include <cstdlib>
#include <set>

static i64 checks;
static const char* current;
static std::set<std::string> launched;

void check_tables(const std::set<std::string>& launched);

Test::Test(const char* name, void (*body)()) : name(name), body(body) { all().push_back(this); }

std::vector<Test*>& Test::all()
{
    static std::vector<Test*> tests;
    return tests;
}

uint32_t Random::bits()
{
    _state = _state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(_state >> 32);
}

Floats Random::array(i64 count, float least, float most)
{
    Floats values(count);
    for (float& value : values)
        value = between(least, most);
    return values;
}

void check(bool holds, const std::string& what)
{
    checks++;
    if (holds)
        return;
    std::fprintf(stderr, "%s: %s\n", current, what.c_str());
    std::exit(1);
}

static std::string place(const std::string& what, size_t i, double actual, double expected)
{
    char text[160];
    std::snprintf(text, sizeof text, "[%zu]: %.9g, expected %.9g", i, actual, expected);
    return what + text;
}

void check_same(const Floats& expected, const Floats& actual, const std::string& what)
{
    check(expected.size() == actual.size(), what + ": lengths differ");
    for (size_t i = 0; i < expected.size(); i++)
    {
        bool same = std::memcmp(&expected[i], &actual[i], sizeof(float)) == 0 || (std::isnan(expected[i]) && std::isnan(actual[i]));
        check(same, same ? "" : place(what, i, actual[i], expected[i]));
    }
}

void check_near(const std::vector<double>& expected, const Floats& actual, double relative, double absolute, const std::string& what)
{
    check(expected.size() == actual.size(), what + ": lengths differ");
    for (size_t i = 0; i < expected.size(); i++)
    {
        bool near = std::fabs(expected[i] - actual[i]) <= relative * std::fabs(expected[i]) + absolute || (std::isnan(expected[i]) && std::isnan(actual[i]));
        check(near, near ? "" : place(what, i, actual[i], expected[i]));
    }
}

void run_kernel(const char* name, int blocks, int threads, std::vector<void*> arguments, std::vector<unsigned char> sizes)
{
    const KernelEntry* entry = find_kernel(name);
    check(entry != nullptr, std::string("no kernel ") + name);
    check(entry->parameters == (int)sizes.size(), std::string(name) + ": " + std::to_string(sizes.size()) + " arguments for " + std::to_string(entry->parameters));
    for (int i = 0; i < entry->parameters; i++)
        check(entry->sizes[i] == sizes[i], std::string(name) + ": argument " + std::to_string(i) + " has " + std::to_string(sizes[i]) + " bytes");
    launched.insert(name);
    if (gpu::started())
        gpu::launch(name, blocks, threads, arguments.data());
    else
        entry->run(arguments.data(), {(unsigned)blocks, 1, 1, (unsigned)threads, 1, 1, 0});
}

int main(int count, char** arguments)
{
    if (count > 1 && std::strcmp(arguments[1], "--gpu") == 0)
        gpu::start();
    if (count > 2 && std::strcmp(arguments[1], "--ptx") == 0)
        gpu::start_executor(arguments[2]);
    for (Test* test : Test::all())
    {
        current = test->name;
        i64 before = checks;
        test->body();
        std::printf("%-40s %9lld checks\n", test->name, checks - before);
        check(checks > before, "nothing was checked");
    }

    current = "tables";
    check_tables(launched);
    i64 executed = 0;
    for (const std::string& name : launched)
        check(!gpu::started() || gpu::executed(name.c_str()) != 0, name + " did not run from its PTX"), executed += gpu::executed(name.c_str()) > 0;
    if (executed)
        std::printf("%lld kernels from their PTX, every launch with the bits of the host build\n", executed);
    std::printf("%zu tests, %lld checks, %zu kernels: all as expected\n", Test::all().size(), checks, launched.size());
}
