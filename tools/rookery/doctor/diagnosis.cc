#include "tools/rookery/doctor/diagnosis.h"

#include <algorithm>

#include "tools/rookery/doctor/checks.h"

namespace rookery::tools::doctor {

std::vector<Finding> Diagnose(const metadata::Cluster& cluster) {
  std::vector<Finding> findings;
  for (const Check check : kChecks) {
    Finding finding = check(cluster);
    if (!finding.subjects.empty()) findings.push_back(std::move(finding));
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
  return findings;
}

}  // namespace rookery::tools::doctor
