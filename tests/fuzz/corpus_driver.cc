// Runs a fuzz target without a fuzzer, with any compiler: over all inputs of a corpus, and over
// what lies next to each small one (cut short at every place; every byte changed in four ways).
//
//   fuzz_<target> DIRECTORY
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr size_t kNeighboursBytesMax = 1024;

// What is being tried, for whoever reads about a crash.
char running[512];

void OnCrash(int signal) {
  std::fputs(running, stderr);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void Run(const std::string& file, const char* how, size_t at, const std::string& input) {
  std::snprintf(running, sizeof(running), "input: %s, %s %zu\n", file.c_str(), how, at);
  // A copy of exactly this size, so that a sanitizer sees the first byte read past it.
  const std::vector<uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

size_t RunNeighbours(const std::string& file, const std::string& input) {
  if (input.size() > kNeighboursBytesMax) return 0;
  for (size_t size = 0; size < input.size(); ++size) {
    Run(file, "cut to", size, input.substr(0, size));
  }
  for (size_t at = 0; at < input.size(); ++at) {
    const auto old = static_cast<uint8_t>(input[at]);
    for (const int changed : {old ^ 0x01, old ^ 0x80, 0x00, 0xff}) {
      std::string other = input;
      other[at] = static_cast<char>(changed);
      Run(file, "changed at", at, other);
    }
  }
  return 5 * input.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, OnCrash);
  size_t files = 0, runs = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1], error)) {
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::string file = entry.path().string();
    Run(file, "as it is, bytes", input.size(), input);
    runs += 1 + RunNeighbours(file, input);
    ++files;
  }
  if (files == 0) {
    std::fprintf(stderr, "%s: expected a directory with inputs, found none\n", argv[1]);
    return 1;
  }
  std::printf("%zu inputs, %zu runs\n", files, runs);
  return 0;
}
