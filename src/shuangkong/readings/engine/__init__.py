"""存储进程: the embedded store. One process opens the database and answers over HTTP on loopback; nobody else opens it.

``sessions`` holds the database, ``answers`` speaks ClickHouse's HTTP, ``process`` starts and stops both.
"""
