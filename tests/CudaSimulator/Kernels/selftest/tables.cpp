// The committed PTX and the host's table must say the same: the same entries, and the same sizes of parameters in the same order. And no
// kernel goes untested.
#include "test.h"
#include "../entries.h"
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

static std::map<std::string, std::vector<unsigned char>> entries_of(const std::filesystem::path& path)
{
    std::map<std::string, std::vector<unsigned char>> entries;
    std::ifstream file(path);
    std::string line, name;
    while (std::getline(file, line))
    {
        std::istringstream words(line);
        std::string first, second, third;
        words >> first >> second >> third;
        if (first == ".visible" && second == ".entry")
        {
            name = third.substr(0, third.find('('));
            entries[name] = {};
        }
        else if (first == ".param" && !name.empty())
        {
            check(second == ".u64" || second == ".f64" || second == ".u32" || second == ".f32", name + ": a parameter of type " + second);
            entries[name].push_back(second == ".u64" || second == ".f64" ? 8 : 4);
        }
        else if (first[0] == '{')
        {
            name.clear();
        }
    }

    return entries;
}

void check_tables(const std::set<std::string>& launched)
{
    std::map<std::string, std::vector<unsigned char>> compiled;
    for (const auto& file : std::filesystem::directory_iterator(KERNELS))
    {
        if (file.path().extension() == ".cu")
        {
            auto entries = entries_of(std::filesystem::path(file.path()).replace_extension(".ptx"));
            check(!entries.empty(), file.path().string() + " has no PTX");
            compiled.merge(entries);
            check(entries.empty(), file.path().string() + ": an entry that another file has too");
        }
    }

    int count;
    const KernelEntry* table = all_kernels(&count);
    check(count == (int)compiled.size(), std::to_string(count) + " kernels on the host, " + std::to_string(compiled.size()) + " entries in the PTX");
    for (int i = 0; i < count; i++)
    {
        auto found = compiled.find(table[i].name);
        check(found != compiled.end(), std::string(table[i].name) + " is in no PTX");
        std::vector<unsigned char> sizes(table[i].sizes, table[i].sizes + table[i].parameters);
        check(found->second == sizes, std::string(table[i].name) + ": other parameters in the PTX");
        check(launched.count(table[i].name) == 1, std::string(table[i].name) + " was never launched");
    }
}
