# Between the root and the module that reads.
module "reader" {
  source = "./reader"
}
