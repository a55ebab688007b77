"""重点工程的页面: which key projects are late or unstable, what they bring, what was told of each."""
