#pragma once

#include "coord/http/router.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace cresset::tests {

/// "GET /api/v1/groups reader" for each operation under `paths` of an OpenAPI document or fragment.
inline std::set<std::string> described_routes(std::string_view document) {
  std::set<std::string> all;
  const auto described = boost::json::parse(document).as_object();
  for (const auto& path : described.at("paths").as_object())
    for (const auto& operation : path.value().as_object()) {
      const auto* needs = operation.value().as_object().if_contains("x-needs");
      std::string verb{operation.key()};
      std::ranges::transform(verb, verb.begin(), [](char c) { return static_cast<char>(c - 32); });
      all.insert(verb + " " + std::string{path.key()} + " " +
                 (needs == nullptr ? "anyone" : std::string{needs->as_string()}));
    }
  return all;
}

/// The same of what was installed.
inline std::set<std::string> installed_routes(const coord::http::router& router) {
  std::set<std::string> all;
  for (const auto& route : router.routes())
    all.insert(std::string{to_string(route.method)} + " " + route.pattern + " " +
               std::string{to_string(route.needs)});
  return all;
}

} // namespace cresset::tests
