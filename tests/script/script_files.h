// The scripts of this folder, for the tests that play them.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace rookery::script {

// Names without ".script", sorted.
inline std::vector<std::string> ScriptNames() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(ROOKERY_SCRIPTS)) {
    if (file.path().extension() == ".script") names.push_back(file.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

inline std::filesystem::path ScriptPath(const std::string& name) {
  return std::filesystem::path(ROOKERY_SCRIPTS) / (name + ".script");
}

inline std::string ReadScript(const std::string& name) {
  std::ifstream file(ScriptPath(name));
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct ScriptTestName {
  std::string operator()(const ::testing::TestParamInfo<std::string>& info) const {
    return info.param;
  }
};

}  // namespace rookery::script
