// fuzz_seeds DIRECTORY: writes the seeds of all binary formats there, by target.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "coordinator/base/check.h"
#include "tests/fuzz/seeds/seeds.h"

namespace rookery::fuzz {

void SeedWriter::Write(absl::string_view target, absl::string_view name, absl::string_view bytes) {
  const std::string directory = absl::StrCat(corpus_, "/", target);
  std::filesystem::create_directories(directory);
  std::ofstream file(absl::StrCat(directory, "/", name), std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  ROOKERY_CHECK(file.good()) << "cannot write " << directory << "/" << name;
}

}  // namespace rookery::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds DIRECTORY\n");
    return 2;
  }
  rookery::fuzz::SeedWriter out(argv[1]);
  rookery::fuzz::WriteZooKeeperSeeds(&out);
  rookery::fuzz::WriteGrpcSeeds(&out);
  rookery::fuzz::WritePeerSeeds(&out);
  rookery::fuzz::WriteStateSeeds(&out);
  return 0;
}
