// How findings are shown.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "tools/rookery/doctor/diagnosis.h"

namespace rookery::tools::doctor {

// A paragraph for each finding, with at most `subjects_max` of its subjects, and a line for all.
std::string ToText(const metadata::Cluster& cluster, const std::vector<Finding>& findings,
                   size_t subjects_max);
boost::json::object ToJson(const metadata::Cluster& cluster, const std::vector<Finding>& findings);

}  // namespace rookery::tools::doctor
