// The PTX texts of the repository, as far as they are there: each loads, and each entry has its host build.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include "selftest/driver.h"

TEST(every_text_of_the_repository_loads) {
    Machine machine;
    int texts = 0, entries = 0;
    const std::filesystem::path folder = KERNELS;
    if (!std::filesystem::exists(folder)) {
        std::printf("  no %s: no texts to load\n", folder.c_str());
        return;
    }
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".ptx") { continue; }
        std::stringstream text;
        text << std::ifstream(file.path()).rdbuf();
        char log[512] = "";
        const int options[] = {5, 6};
        void* values[] = {log, reinterpret_cast<void*>(sizeof log)};
        Handle module = nullptr;
        OK(cuModuleLoadDataEx(&module, text.str().c_str(), 2, options, values));
        if (log[0]) { std::printf("  %s: %s\n", file.path().c_str(), log); }
        texts++;
        std::string line;
        for (std::istringstream lines(text.str()); std::getline(lines, line);) {
            const std::size_t at = line.find(".entry ");
            if (at == std::string::npos) { continue; }
            const std::string name = line.substr(at + 7, line.find('(') - at - 7);
            Handle function = nullptr;
            if (int code = cuModuleGetFunction(&function, module, name.c_str())) { fail(name.c_str(), 0, "host build", code, 0); }
            entries++;
        }
    }
    std::printf("  %d texts, %d entries\n", texts, entries);
    CHECK(texts == 0 || entries > 0);
}
