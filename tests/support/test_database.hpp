#pragma once

#include "coord/store/embedded_postgres.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace cresset::tests {

/// A folder of a test's own, removed with the object.
class scratch_folder {
public:
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

/// The one real PostgreSQL of a test binary: started at the first use, stopped when the program
/// ends. Each call of `fresh_database` gives the url of a new database with the whole schema and
/// partitions for today.
class test_cluster {
public:
  static test_cluster& instance();
  std::string fresh_database();
  /// A new database without any table.
  std::string empty_database();

private:
  test_cluster();
  scratch_folder folder_;
  std::unique_ptr<coord::store::embedded_postgres> postgres_;
  bool has_template_ = false;
  int made_ = 0;
};

} // namespace cresset::tests
